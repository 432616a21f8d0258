package dev.planaria.app.cli;

import dev.planaria.chaos.experiment.Campaign;
import dev.planaria.chaos.experiment.Campaign.Step;
import dev.planaria.chaos.ledger.LedgerFile;
import dev.planaria.chaos.ledger.LedgerLog;
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
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Tells how a campaign goes, line by line, and removes what daemons leave that gave no reason to
/// look at it. Used by one thread.
final class ChaosProgress implements Campaign.Watcher {

  /// Of the run that goes on; of one that was killed it stays.
  private static final String LEDGER = "ledger.jsonl";

  private final PrintStream lines;
  private final ChaosDaemons daemons;
  private final boolean keep;
  private final @Nullable Path out;

  /// @param lines where they go
  /// @param keep whether everything stays where it is
  /// @param out where ledgers are taken down; null for nowhere
  ChaosProgress(PrintStream lines, ChaosDaemons daemons, boolean keep, @Nullable Path out) {
    this.lines = lines;
    this.daemons = daemons;
    this.keep = keep;
    this.out = out;
  }

  @Override
  public LedgerLog ledger(String experiment, long seed) throws IOException {
    Path directory = out;
    return directory == null
        ? LedgerLog.NONE
        : LedgerFile.begin(directory.resolve(LEDGER), experiment, seed);
  }

  /// The ledger of a run that passed is of no use any more; another one is kept under the run's own
  /// name, since the next run begins a new one.
  private void putAway(String experiment, long seed, boolean passed) throws IOException {
    Path directory = out;
    if (directory == null || !Files.exists(directory.resolve(LEDGER))) {
      return;
    }
    if (passed && !keep) {
      Files.delete(directory.resolve(LEDGER));
    } else {
      Files.move(
          directory.resolve(LEDGER),
          directory.resolve("ledger-" + experiment + "-" + seed + ".jsonl"),
          StandardCopyOption.REPLACE_EXISTING);
    }
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
    boolean passed = report.verdict() == Verdict.PASSED;
    try {
      putAway(report.experiment(), report.seed(), passed);
      if (passed && !keep) {
        daemons.forget();
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void unfinished(Unfinished unfinished) {
    lines.println(
        "planaria: "
            + Shown.plain(unfinished.experiment())
            + " was not run to its end: "
            + Shown.plain(unfinished.reason()));
    try {
      putAway(unfinished.experiment(), unfinished.seed(), false);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
