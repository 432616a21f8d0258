package dev.planaria.app.cli.scratch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The demo itself, with real processes that are really killed.
class DemoTest {

  @TempDir Path scratch;

  private final List<String> story = new ArrayList<>();

  @Test
  void a_session_survives_the_death_of_its_worker_and_of_the_whole_daemon() throws Exception {
    DemoReport report = demo(up(), new Demo.Settings(8, 2, 1)).run();
    story.forEach(System.out::println);
    System.out.println(report.text());
    assertThat(report.isGood()).isTrue();
    assertThat(report.kills()).hasSize(3);
    assertThat(report.kills()).anyMatch(kill -> kill.phase().inFlight() > 0);
    assertThat(report.audit().acknowledged()).isGreaterThan(400);
    assertThat(story).anyMatch(line -> line.startsWith("kill -9 "));
    assertThat(report.text()).contains("Verdict: after 3 kills, all");
  }

  @Test
  void a_daemon_that_does_not_start_is_no_verdict() {
    assertThatThrownBy(() -> demo(List.of("false"), new Demo.Settings(1, 0, 0)).run())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the daemon did not start");
  }

  private Demo demo(List<String> up, Demo.Settings settings) {
    return new Demo(settings, new Demo.Surroundings(up, scratch, System::nanoTime, story::add));
  }

  private static List<String> up() {
    return List.of(
        System.getProperty("java.home") + "/bin/java",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        "dev.planaria.app.cli.Main",
        "up");
  }
}
