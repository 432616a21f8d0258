package dev.planaria.chaos.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.chaos.report.RunReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Worlds of which every one must keep all promises, and be the same again when it is lived again.
class SimulationTest {

  private static final int SEEDS = Integer.getInteger("planaria.simulations", 100);
  private static final long FIRST = Long.getLong("planaria.simulation.seed", 1);
  private static final int TWICE = 10;
  private static final long CHILD_SECONDS = 300;
  private static final int LINES_SHOWN = 60;

  @BeforeAll
  static void silence() {
    QuietLog.begin();
  }

  @Test
  void every_promise_is_kept_whatever_befalls_the_world() {
    long began = System.nanoTime();
    Map<SimulatedFault, Long> hits = new EnumMap<>(SimulatedFault.class);
    long virtualMillis = 0;
    long turns = 0;
    long acknowledged = 0;
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      SimulationResult result = live(seed);
      result.hits().forEach((fault, times) -> hits.merge(fault, times, Long::sum));
      virtualMillis += result.virtualMillis();
      turns += result.turns();
      acknowledged += result.counts().acknowledged();
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    double hours = virtualMillis / 3_600_000.0;
    System.out.printf(
        Locale.ROOT,
        "simulations: seeds %d to %d, %.0f virtual hours in %.1f s (%.0f an actual minute), %d"
            + " turns, %d acknowledged, %s%n",
        FIRST,
        FIRST + SEEDS - 1,
        hours,
        seconds,
        hours / seconds * 60,
        turns,
        acknowledged,
        hits);
    assertThat(hits).containsOnlyKeys(SimulatedFault.values());
  }

  private static SimulationResult live(long seed) {
    SimulationResult result = Simulation.run(seed, SimulationSettings.DEFAULT);
    if (!result.violations().isEmpty()) {
      List<String> lines = result.log().lines().toList();
      lines
          .subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size())
          .forEach(System.out::println);
    }
    assertThat(result.violations()).as(result.replay()).isEmpty();
    return result;
  }

  @Test
  void the_same_seed_is_the_same_world_byte_for_byte() {
    for (long seed = FIRST; seed < FIRST + TWICE; seed++) {
      SimulationResult one = Simulation.run(seed, SimulationSettings.DEFAULT);
      SimulationResult other = Simulation.run(seed, SimulationSettings.DEFAULT);
      assertThat(other.log()).isEqualTo(one.log());
      assertThat(other.fingerprint()).isEqualTo(one.fingerprint());
      assertThat(other.turns()).isEqualTo(one.turns());
      RunReport report = one.report(0, 0);
      assertThat(report.verdict()).isEqualTo(RunReport.Verdict.PASSED);
      assertThat(report.timeline()).hasSameSizeAs(one.log().lines().toList());
      assertThat(Simulation.run(seed + 1, SimulationSettings.DEFAULT).fingerprint())
          .isNotEqualTo(one.fingerprint());
    }
  }

  @Test
  void it_is_the_same_in_another_process_too() throws Exception {
    Process child =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                SimulationTest.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> lines;
    try (var output = child.inputReader()) {
      lines = output.lines().toList();
    }
    assertThat(child.waitFor(CHILD_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(lines).isEqualTo(fingerprints());
  }

  private static List<String> fingerprints() {
    return LongStream.rangeClosed(1, 3)
        .mapToObj(seed -> Simulation.run(seed, SimulationSettings.DEFAULT).fingerprint())
        .toList();
  }

  /// The other process.
  public static void main(String[] none) {
    QuietLog.begin();
    fingerprints().forEach(System.out::println);
  }

  @Test
  void what_was_found_once_is_not_found_again() throws IOException {
    try (InputStream kept = SimulationTest.class.getResourceAsStream("kept-seeds.txt")) {
      List<String> lines =
          new String(Objects.requireNonNull(kept).readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .toList();
      assertThat(lines).isNotEmpty();
      for (String line : lines) {
        assertThat(live(Long.parseLong(line.substring(0, line.indexOf(' ')))).turns())
            .as(line)
            .isPositive();
      }
    }
  }
}
