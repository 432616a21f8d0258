package dev.planaria.chaos.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// Tests with `@ChaosTest`, run by JUnit's own launcher: which pass, which fail, and with what
/// words.
class ChaosTestTest {

  /// What the samples below were given.
  private static final List<Integer> DRAWN = new CopyOnWriteArrayList<>();

  /// Run by the tests alone, one by one: most of them are meant to fail.
  static final class Samples {

    @ChaosTest(seed = 7, cycles = 3)
    void kills_and_comes_out(Faults faults, Ledger ledger) throws InterruptedException {
      DRAWN.add(faults.between(1, 1_000_000));
      ledger.acknowledged("a");
      Process victim = faults.start(new ProcessBuilder("sleep", "600"));
      faults.kill(victim);
      ledger.observed(List.of("a"));
    }

    @ChaosTest(seed = 7)
    void loses(Faults faults, Ledger ledger) throws InterruptedException {
      ledger.acknowledged("a");
      ledger.acknowledged("b");
      faults.kill(faults.start(new ProcessBuilder("sleep", "600")));
      ledger.observed(List.of("b"));
    }

    @ChaosTest(seed = 7)
    void breaks_nothing(Ledger ledger) {
      ledger.acknowledged("a");
      ledger.observed(List.of("a"));
    }

    @ChaosTest(seed = 7)
    void kills_the_dead(Faults faults, Ledger ledger) throws Exception {
      Process victim = faults.start(new ProcessBuilder("true"));
      victim.waitFor();
      faults.kill(victim);
      ledger.acknowledged("a");
      ledger.observed(List.of("a"));
    }

    @ChaosTest(seed = 7)
    void looks_at_nothing(Faults faults) throws InterruptedException {
      faults.kill(faults.start(new ProcessBuilder("sleep", "600")));
    }

    @ChaosTest(seed = 7)
    void fails_by_itself() {
      throw new IllegalStateException("by itself");
    }

    @ChaosTest(cycles = 0)
    void has_no_cycle() {}

    @ChaosTest
    void stops_and_goes_on(Faults faults, Ledger ledger) throws IOException {
      Process echo = faults.start(new ProcessBuilder("cat"));
      try (Faults.Paused _ = faults.pause(echo)) {
        ledger.acknowledged("a");
        echo.getOutputStream().write("a\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        echo.getOutputStream().flush();
      }
      ledger.observed(List.of(String.valueOf(echo.inputReader().readLine())));
    }

    @ChaosTest
    void loses_its_link(Faults faults, Ledger ledger) throws Exception {
      try (var server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
        BrokenLink link = faults.link(server.getLocalPort());
        try (var client = new Socket(InetAddress.getLoopbackAddress(), link.port());
            Socket accepted = server.accept()) {
          accepted.getOutputStream().write('a');
          ledger.acknowledged(String.valueOf((char) client.getInputStream().read()));
          try (BrokenLink.Outage _ = link.drop()) {
            // The end of what is said: the link is gone.
            ledger.observed(List.of("a" + client.getInputStream().read()));
          }
        }
      }
    }

    @ChaosTest
    void breaks_a_link_that_nobody_uses(Faults faults, Ledger ledger) throws Exception {
      ledger.acknowledged("a");
      try (BrokenLink.Outage _ = faults.link(1).delay(50)) {
        ledger.observed(List.of("a"));
      }
    }
  }

  /// Each invocation's name, and the words with which it failed, or an empty text.
  private static Map<String, String> run(String method, String... configuration) {
    var results = new LinkedHashMap<String, String>();
    var request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectMethod(Samples.class, find(method)));
    for (int i = 0; i < configuration.length; i += 2) {
      request.configurationParameter(configuration[i], configuration[i + 1]);
    }
    LauncherFactory.create()
        .execute(
            request.build(),
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                String words = result.getThrowable().map(Throwable::toString).orElse("");
                if (test.isTest() || !words.isEmpty()) {
                  results.put(test.getDisplayName(), words);
                }
              }
            });
    return results;
  }

  private static java.lang.reflect.Method find(String name) {
    return java.util.Arrays.stream(Samples.class.getDeclaredMethods())
        .filter(method -> method.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void each_cycle_has_a_seed_of_its_own_that_can_be_given_again() {
    DRAWN.clear();
    Map<String, String> first = run("kills_and_comes_out");
    assertThat(first.keySet()).hasSize(3).contains("cycle 1 of 3, seed 7");
    assertThat(first.values()).containsOnly("");
    var drawn = new ArrayList<>(DRAWN);
    assertThat(drawn).doesNotHaveDuplicates();
    DRAWN.clear();
    assertThat(run("kills_and_comes_out")).isEqualTo(first);
    assertThat(DRAWN).isEqualTo(drawn);
    String last = first.keySet().stream().toList().getLast();
    String seed = last.substring(last.lastIndexOf(' ') + 1);
    DRAWN.clear();
    assertThat(
            run("kills_and_comes_out", "planaria.chaos.seed", seed, "planaria.chaos.cycles", "1"))
        .containsOnlyKeys("cycle 1 of 1, seed " + seed);
    assertThat(DRAWN).containsExactly(drawn.getLast());
  }

  @Test
  void what_is_lost_fails_with_its_name_and_the_seed() {
    assertThat(run("loses").values())
        .containsExactly(
            """
            java.lang.AssertionError: cycle 1 of 1, seed 7:
              lost: a was acknowledged and is not there
            again with -Dplanaria.chaos.seed=7 -Dplanaria.chaos.cycles=1\
            """);
  }

  @Test
  void a_test_that_breaks_nothing_or_looks_at_nothing_fails() {
    assertThat(only("breaks_nothing")).contains("no fault was tried, so that nothing is shown");
    assertThat(only("kills_the_dead")).contains("kill was tried and never met");
    assertThat(only("looks_at_nothing"))
        .contains("nothing was acknowledged")
        .contains("nobody has looked at what is there afterwards");
  }

  @Test
  void what_fails_by_itself_fails_with_its_own_words() {
    assertThat(only("fails_by_itself")).isEqualTo("java.lang.IllegalStateException: by itself");
  }

  @Test
  void what_cannot_be_configured_is_named() {
    assertThat(only("has_no_cycle")).contains("`cycles` must be between 1 and 10000, not 0");
    assertThat(run("loses", "planaria.chaos.seed", "many").values())
        .singleElement()
        .asString()
        .contains("`planaria.chaos.seed` must be a whole number, not 'many'");
  }

  @Test
  void a_stopped_process_goes_on_afterwards() {
    assertThat(only("stops_and_goes_on")).isEmpty();
  }

  @Test
  void a_link_is_broken_for_those_who_use_it() {
    assertThat(only("loses_its_link")).contains("lost: a was").contains("a-1 is there, and nobody");
    assertThat(only("breaks_a_link_that_nobody_uses")).contains("delay was tried and never met");
  }

  private static String only(String method) {
    Map<String, String> results = run(method);
    assertThat(results).hasSize(1);
    return results.values().iterator().next();
  }
}
