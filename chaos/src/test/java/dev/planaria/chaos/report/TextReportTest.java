package dev.planaria.chaos.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.report.ChaosReport.NamedFault;
import dev.planaria.chaos.report.ChaosReport.Unfinished;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Reports for a terminal.
class TextReportTest {

  @Test
  void the_verdict_stands_first_and_the_failure_next() {
    String text =
        TextReport.of(Reports.of(Reports.passed(1), Reports.provedNothing(), Reports.failed()));
    assertThat(text.lines())
        .startsWith(
            "FAILED  smoke: 3 runs in 41.2 s, faults met 30 times, 2,000 operations acknowledged,"
                + " 2 promises broken",
            "recovery  median 810 ms, 95 % within 1.9 s, longest 1.9 s (of 6)",
            "",
            "FAILED  random-kills  seed 7",
            "  lost: operation op-17 was acknowledged and is gone",
            "  stuck: operation op-18 had no answer after 15 s",
            "  tasks: 10 of 12 kept; missing t-1; changed t-2; extra t-9",
            "  again: planaria chaos run random-kills --seed 7",
            "",
            "PROVED NOTHING  connection-drop  seed 8",
            "  never met: kill of worker",
            "  nothing was acknowledged, so that nothing could be lost");
    assertThat(text)
        .contains("EXPERIMENT       VERDICT         SEED  TOOK")
        .contains("process-kill     PASSED          1     4.2 s")
        .endsWith(
            "Planaria 0.1.0 on Linux 6.1 amd64, 2 processors, 8.0 GiB, Java 25.0.3+9; begun"
                + " 2027-01-15T08:00:00Z\n");
  }

  @Test
  void what_was_not_finished_and_not_met_is_told() {
    var report =
        new ChaosReport(
            Reports.header("smoke", new NamedFault("half_open", Target.UPSTREAM_LINK)),
            Reports.done(Reports.passed(1)),
            List.of(new Unfinished("corruption", 3, "the daemon did not start")));
    assertThat(TextReport.of(report))
        .startsWith("PROVED NOTHING  smoke: 1 run in 41.2 s")
        .contains("NOT FINISHED  corruption  seed 3\n  the daemon did not start\n")
        .contains("promised, and met by no run: half open of upstream link\n");
  }

  @Test
  void no_text_moves_the_cursor_or_adds_a_line() {
    for (String hostile : Reports.HOSTILE) {
      String text = TextReport.of(Reports.hostile(hostile));
      assertThat(text.replace("\n", "").codePoints())
          .noneMatch(Character::isISOControl)
          .noneMatch(c -> c >= 0x202A && c <= 0x202E);
      assertThat(text.lines().count())
          .isLessThanOrEqualTo(TextReport.of(Reports.hostile("plain")).lines().count());
      assertThat(text.lines()).allMatch(line -> line.length() < 2_000);
    }
  }

  @Test
  void a_night_is_shown_in_a_screenful_or_two() {
    RunReport[] runs = new RunReport[3_000];
    for (int i = 0; i < runs.length; i++) {
      runs[i] = i % 2 == 0 ? Reports.passed(i) : Reports.failed();
    }
    assertThat(TextReport.of(Reports.of(runs)).lines().count()).isLessThan(600);
  }
}
