package dev.planaria.app.cli;

import dev.planaria.chaos.experiment.Campaign;
import dev.planaria.chaos.experiment.Campaign.Step;
import dev.planaria.chaos.report.ChaosReport.Unfinished;
import dev.planaria.chaos.report.Moment;
import dev.planaria.chaos.report.RunReport;
import dev.planaria.chaos.report.RunReport.Verdict;
import dev.planaria.engine.json.WireName;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Locale;

/// Tells how a campaign goes, line by line, and removes what daemons leave that gave no reason to
/// look at it. Used by one thread.
final class ChaosProgress implements Campaign.Watcher {

  private final PrintStream lines;
  private final ChaosDaemons daemons;
  private final boolean keep;

  /// @param lines where they go
  /// @param keep whether everything stays where it is
  ChaosProgress(PrintStream lines, ChaosDaemons daemons, boolean keep) {
    this.lines = lines;
    this.daemons = daemons;
    this.keep = keep;
  }

  @Override
  public void begins(Step step) {
    lines.println(
        "planaria: "
            + step.experiment().name()
            + " begins, seed "
            + step.seed()
            + ", cycles "
            + step.cycles());
  }

  @Override
  public void happened(Moment moment) {
    lines.println(
        String.format(
            Locale.ROOT,
            "  %7.2f s  %-9s  %s",
            moment.atMillis() / 1_000.0,
            WireName.of(moment.lane()),
            Shown.plain(moment.sentence())));
  }

  @Override
  public void ended(RunReport report) {
    lines.println(
        "planaria: "
            + Shown.plain(report.experiment())
            + " has "
            + switch (report.verdict()) {
              case PASSED -> "passed";
              case FAILED -> "FAILED, with broken promises: " + report.violations().size();
              case PROVED_NOTHING -> "proved nothing";
            }
            + "; acknowledged: "
            + report.counts().acknowledged());
    if (report.verdict() == Verdict.PASSED && !keep) {
      try {
        daemons.forget();
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  @Override
  public void unfinished(Unfinished unfinished) {
    lines.println(
        "planaria: "
            + Shown.plain(unfinished.experiment())
            + " was not run to its end: "
            + Shown.plain(unfinished.reason()));
  }
}
