package dev.planaria.app.cli;

import dev.planaria.chaos.experiment.Campaign;
import dev.planaria.chaos.experiment.Campaign.Step;
import dev.planaria.chaos.ledger.LedgerFile;
import dev.planaria.chaos.ledger.LedgerLog;
import dev.planaria.chaos.process.Launch;
import dev.planaria.chaos.report.ChaosReport.Unfinished;
import dev.planaria.chaos.report.Moment;
import dev.planaria.chaos.report.RunReport;
import dev.planaria.chaos.report.RunReport.Verdict;
import dev.planaria.engine.json.WireName;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Tells how a campaign goes, line by line, and removes what daemons leave that gave no reason to
/// look at it. Thread-safe.
///
/// @param lines where they go
/// @param keep whether everything stays where it is
/// @param out where ledgers are taken down; null for nowhere
/// @param sideBySide whether each line has to say of which run it tells
record ChaosProgress(PrintStream lines, boolean keep, @Nullable Path out, boolean sideBySide)
    implements Campaign.Watcher {

  @Override
  public Campaign.Course begins(Step step) {
    lines.println(
        "planaria: "
            + step.experiment().name()
            + " begins, seed "
            + step.seed()
            + ", cycles "
            + step.cycles());
    return new Run(step);
  }

  @Override
  public void notBegun(Unfinished unfinished) {
    lines.println(words(unfinished));
  }

  private static String words(Unfinished unfinished) {
    return "planaria: "
        + Shown.plain(unfinished.experiment())
        + " was not run to its end: "
        + Shown.plain(unfinished.reason());
  }

  /// One run. Used by the thread that runs it.
  private final class Run implements Campaign.Course {
    private final String name;

    Run(Step step) {
      this.name =
          sideBySide
              ? String.format(Locale.ROOT, "%-17s ", Shown.plain(step.experiment().name()))
              : "";
    }

    @Override
    public LedgerLog ledger(String experiment, long seed) throws IOException {
      Path directory = out;
      return directory == null
          ? LedgerLog.NONE
          : LedgerFile.begin(directory.resolve(ledgerName(experiment, seed)), experiment, seed);
    }

    private static String ledgerName(String experiment, long seed) {
      return "ledger-" + experiment + "-" + seed + ".jsonl";
    }

    @Override
    public void happened(Moment moment) {
      lines.println(
          String.format(
              Locale.ROOT,
              "  %s%7.2f s  %-9s  %s",
              name,
              moment.atMillis() / 1_000.0,
              WireName.of(moment.lane()),
              Shown.plain(moment.sentence())));
    }

    @Override
    public void ended(RunReport report, Launch launch) {
      lines.println(
          "planaria: "
              + Shown.plain(report.experiment())
              + " has "
              + switch (report.verdict()) {
                case PASSED -> "passed";
                case FAILED -> "FAILED, with broken promises: " + report.violations().size();
                case PROVED_NOTHING -> "proved nothing";
              }
              + ", seed "
              + report.seed()
              + "; acknowledged: "
              + report.counts().acknowledged());
      if (report.verdict() == Verdict.PASSED && !keep) {
        forget(report, launch);
      }
    }

    /// The ledger of a run that passed is of no use any more; another one stays.
    private void forget(RunReport report, Launch launch) {
      try {
        Path directory = out;
        if (directory != null) {
          Files.deleteIfExists(directory.resolve(ledgerName(report.experiment(), report.seed())));
        }
        ChaosDaemons.forget(launch);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    @Override
    public void unfinished(Unfinished unfinished) {
      lines.println(words(unfinished));
    }
  }
}
