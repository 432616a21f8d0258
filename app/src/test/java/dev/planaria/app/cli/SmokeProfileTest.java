package dev.planaria.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.clients.Seeds;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The profile `smoke`, run as a user runs it, so that every commit is held against the kit's own
/// judgement. The report stays in `target/chaos-smoke`, and the data of a run that failed where the
/// command says.
class SmokeProfileTest {

  private static final Path REPORT = Path.of("target", "chaos-smoke");

  @Test
  void every_promise_is_kept_and_every_fault_is_met() throws Exception {
    long seed = Seeds.next("planaria chaos run --profile smoke");
    Process command =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName(),
                    "chaos",
                    "run",
                    "--profile",
                    "smoke",
                    "--seed",
                    Long.toString(seed),
                    "--out",
                    REPORT.toString()))
            .redirectErrorStream(true)
            .start();
    try (BufferedReader said = command.inputReader(StandardCharsets.UTF_8)) {
      // Each run has deadlines of its own, and the profile a limit for all of them.
      said.lines().forEach(System.out::println);
      assertThat(command.waitFor())
          .as("4 when a promise was broken, 9 when nothing was shown; see %s", REPORT)
          .isEqualTo(ExitStatus.OK.code());
    } finally {
      // In order, so that it ends its daemon.
      command.toHandle().destroy();
    }
  }
}
