package dev.planaria.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.alerts.KeptLog;
import dev.planaria.app.gateway.Ask;
import dev.planaria.app.gateway.Reply;
import dev.planaria.app.gateway.TestWorker;
import dev.planaria.chaos.report.ChaosReport;
import dev.planaria.chaos.report.Detections;
import dev.planaria.chaos.report.Machine;
import dev.planaria.chaos.report.ReportFolder;
import dev.planaria.chaos.report.RunReport;
import dev.planaria.engine.metrics.DetectionTrial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What reports of the chaos kit add to the accuracy of the detection.
class ChaosTrialsTest {

  private static final long START = 1_800_000_000_000L;

  @TempDir private Path directory;
  private final KeptLog log = new KeptLog();

  private ReportFolder folder() {
    return new ReportFolder(directory.resolve("chaos"));
  }

  private Path report(String version, long startedAtMillis, @Nullable Detections... runs)
      throws IOException {
    List<ChaosReport.Done> done =
        Stream.of(runs)
            .map(found ->
                new ChaosReport.Done(
                    new RunReport(
                            "corruption",
                            7,
                            startedAtMillis,
                            1_000,
                            List.of(),
                            new RunReport.Counts(1, 1, 0, 0),
                            List.of(),
                            null,
                            List.of(),
                            List.of())
                        .with(found),
                    "planaria chaos run corruption --seed 7"))
            .toList();
    var header =
        new ChaosReport.Header(
            "mine", null, startedAtMillis, 2_000, version, Machine.here(), List.of());
    return folder().keep(new ChaosReport(header, done, List.of()));
  }

  private ChaosTrials trials() {
    return new ChaosTrials(folder(), "test", log);
  }

  @Test
  void each_run_that_planted_damage_is_a_trial_of_the_build_that_it_was_run_with()
      throws IOException {
    assertThat(trials().now()).isEqualTo(ChaosTrials.Known.NOTHING);
    report("test", START, new Detections(17, 12, 1, 2), null, new Detections(3, 3, 0, 0));
    report("another", START + 5, new Detections(100, 0, 100, 0));
    assertThat(trials().now().trials())
        .containsExactlyInAnyOrder(
            new DetectionTrial(START + 1_000, 17, 12, 1, 2),
            new DetectionTrial(START + 1_000, 3, 3, 0, 0));
    assertThat(log.warnings()).isEmpty();
  }

  @Test
  void a_report_that_cannot_be_read_is_told_once_and_left_out() throws IOException {
    report("test", START, new Detections(2, 2, 0, 0));
    Path bad = report("test", START + 1, new Detections(50, 0, 50, 0));
    Files.writeString(bad, Files.readString(bad).replace("\"found\":0", "\"found\":51"));
    ChaosTrials trials = trials();
    for (int i = 0; i < 3; i++) {
      assertThat(trials.now())
          .isEqualTo(
              new ChaosTrials.Known(List.of(new DetectionTrial(START + 1_000, 2, 2, 0, 0)), 1));
    }
    assertThat(log.warnings())
        .singleElement()
        .asString()
        .contains(bad.toString(), "cannot be read", "found");
  }

  @Test
  void a_report_with_known_numbers_gives_exactly_that_accuracy() throws IOException {
    try (TestWorker worker = TestWorker.on(directory)) {
      long now = START;
      report("test", now - 60_000, new Detections(17, 12, 1, 2));
      report("test", now - 2 * 3_600_000, new Detections(5, 5, 0, 0));
      Files.writeString(
          Files.createDirectories(directory.resolve("chaos/bad")).resolve("report.json"), "{");
      Reply kpis = worker.send(Ask.of("GET", "/api/v1/kpis"));
      assertThat(kpis.at("windows/1h/detection_accuracy"))
          .isEqualTo(Double.toString(12.0 / (12 + 1 + 2)));
      assertThat(kpis.at("windows/24h/detection_accuracy")).isEqualTo(Double.toString(17.0 / 20));
      assertThat(kpis.at("windows/24h/trials/planted")).isEqualTo("22");
      assertThat(kpis.at("windows/24h/true_positives")).isEqualTo("0");
      assertThat(kpis.at("unreadable_reports")).isEqualTo("1");
    }
  }
}
