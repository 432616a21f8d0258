package dev.planaria.chaos.report;

import dev.planaria.chaos.report.ChaosReport.Done;
import dev.planaria.chaos.report.ChaosReport.Header;
import dev.planaria.chaos.report.ChaosReport.NamedFault;
import dev.planaria.chaos.report.ChaosReport.Unfinished;
import dev.planaria.chaos.report.RunReport.Verdict;
import dev.planaria.engine.integrity.StateIntegrityValidator.Check;
import dev.planaria.engine.integrity.StateIntegrityValidator.Validation;
import dev.planaria.engine.json.WireName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A report for a terminal: the verdict, then what is wrong, and then one line for each run.
/// Thread-safe.
public final class TextReport {

  /// The first broken promises tell what the others are likely to repeat; JSON has them all.
  private static final int SHOWN_VIOLATIONS = 10;

  private static final int SHOWN_IDS = 5;
  private static final int SENTENCE_CHARACTERS = 400;
  private static final int NAME_CHARACTERS = 40;

  /// A night has thousands of runs, and all that passed look alike.
  private static final int SHOWN_RUNS = 60;

  private TextReport() {}

  /// Renders a report, in lines that end with a line feed.
  public static String of(ChaosReport report) {
    var out = new StringBuilder();
    summary(out, report);
    for (Verdict verdict : List.of(Verdict.FAILED, Verdict.PROVED_NOTHING)) {
      report.done().stream()
          .filter(done -> done.run().verdict() == verdict)
          .limit(SHOWN_RUNS)
          .forEach(done -> trouble(out, done));
    }
    for (Unfinished unfinished : report.unfinished()) {
      out.append("\nNOT FINISHED  ")
          .append(Wording.cut(unfinished.experiment(), NAME_CHARACTERS))
          .append("  seed ")
          .append(unfinished.seed())
          .append("\n  ")
          .append(Wording.cut(unfinished.reason(), SENTENCE_CHARACTERS))
          .append('\n');
    }
    List<NamedFault> unmet = report.unmet();
    if (!unmet.isEmpty()) {
      out.append("\nPROVED NOTHING  promised, and met by no run: ")
          .append(
              Wording.cut(
                  String.join(", ", unmet.stream().map(Wording::fault).toList()),
                  SENTENCE_CHARACTERS))
          .append('\n');
    }
    table(out, report.runs());
    origin(out, report.header());
    return out.toString();
  }

  private static void summary(StringBuilder out, ChaosReport report) {
    RunReport.Counts counts = report.counts();
    out.append(Wording.verdict(report.verdict()))
        .append("  ")
        .append(Wording.cut(report.header().title(), NAME_CHARACTERS))
        .append(": ")
        .append(Wording.count(report.runs().size(), "run"))
        .append(" in ")
        .append(Wording.duration(report.header().tookMillis()))
        .append(", faults met ")
        .append(Wording.count(report.hits(), "time"))
        .append(", ")
        .append(Wording.number(counts.acknowledged()))
        .append(" operations acknowledged, ")
        .append(Wording.count(report.violations(), "promise"))
        .append(" broken\n");
    report
        .detections()
        .ifPresent(found ->
            out.append("damage    planted ")
                .append(Wording.number(found.planted()))
                .append(": found ")
                .append(Wording.number(found.found()))
                .append(", missed ")
                .append(Wording.number(found.missed()))
                .append(", without effect ")
                .append(Wording.number(found.withoutEffect()))
                .append("; findings about sessions that it could not concern: ")
                .append(Wording.number(found.innocent()))
                .append('\n'));
    report
        .recoveries()
        .ifPresent(found ->
            out.append("recovery  median ")
                .append(Wording.duration(found.medianMillis()))
                .append(", 95 % within ")
                .append(Wording.duration(found.p95Millis()))
                .append(", longest ")
                .append(Wording.duration(found.longestMillis()))
                .append(" (of ")
                .append(found.count())
                .append(")\n"));
  }

  private static void trouble(StringBuilder out, Done done) {
    RunReport run = done.run();
    out.append('\n')
        .append(Wording.verdict(run.verdict()))
        .append("  ")
        .append(Wording.cut(run.experiment(), NAME_CHARACTERS))
        .append("  seed ")
        .append(run.seed())
        .append('\n');
    run.violations().stream()
        .limit(SHOWN_VIOLATIONS)
        .forEach(broken ->
            out.append("  ")
                .append(WireName.of(broken.kind()))
                .append(": ")
                .append(Wording.cut(broken.sentence(), SENTENCE_CHARACTERS))
                .append('\n'));
    int more = run.violations().size() - SHOWN_VIOLATIONS;
    if (more > 0) {
      out.append("  and ").append(more).append(" more\n");
    }
    comparison(out, run.comparison());
    run.faults().stream()
        .filter(fault -> fault.hits() == 0)
        .forEach(
            fault -> out.append("  never met: ").append(Wording.fault(fault.spec())).append('\n'));
    if (run.counts().acknowledged() == 0) {
      out.append("  nothing was acknowledged, so that nothing could be lost\n");
    }
    out.append("  again: ").append(Wording.cut(done.again(), SENTENCE_CHARACTERS)).append('\n');
  }

  private static void comparison(StringBuilder out, @Nullable Validation comparison) {
    if (comparison == null) {
      return;
    }
    for (Check check : comparison.checks()) {
      if (!check.passed()) {
        out.append("  ")
            .append(Wording.cut(check.component(), NAME_CHARACTERS))
            .append(": ")
            .append(check.kept())
            .append(" of ")
            .append(check.expected())
            .append(" kept");
        ids(out, "missing", check.missing());
        ids(out, "changed", check.changed());
        ids(out, "extra", check.extra());
        out.append('\n');
      }
    }
  }

  private static void ids(StringBuilder out, String what, List<String> ids) {
    if (!ids.isEmpty()) {
      List<String> shown =
          ids.stream().limit(SHOWN_IDS).map(id -> Wording.cut(id, NAME_CHARACTERS)).toList();
      out.append("; ").append(what).append(' ').append(String.join(", ", shown));
      if (ids.size() > SHOWN_IDS) {
        out.append(" and ").append(ids.size() - SHOWN_IDS).append(" more");
      }
    }
  }

  private static void table(StringBuilder out, List<RunReport> runs) {
    if (runs.isEmpty()) {
      return;
    }
    var rows = new ArrayList<List<String>>();
    rows.add(
        List.of(
            "EXPERIMENT",
            "VERDICT",
            "SEED",
            "TOOK",
            "ACKNOWLEDGED",
            "UNKNOWN",
            "HITS",
            "LONGEST RECOVERY"));
    runs.stream().limit(SHOWN_RUNS).map(TextReport::row).forEach(rows::add);
    out.append('\n');
    for (List<String> row : rows) {
      var line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        String cell = row.get(column);
        line.append(cell).repeat(' ', width(rows, column) - cell.length() + 2);
      }
      out.append(line.toString().stripTrailing()).append('\n');
    }
    if (runs.size() > SHOWN_RUNS) {
      out.append("and ").append(Wording.count(runs.size() - SHOWN_RUNS, "more run")).append('\n');
    }
  }

  private static List<String> row(RunReport run) {
    Optional<Durations> recoveries = Durations.of(run.recoveryMillis());
    return List.of(
        Wording.cut(run.experiment(), NAME_CHARACTERS),
        Wording.verdict(run.verdict()),
        Long.toString(run.seed()),
        Wording.duration(run.tookMillis()),
        Wording.number(run.counts().acknowledged()),
        Wording.number(run.counts().unknown()),
        Wording.number(run.faults().stream().mapToLong(FaultHits::hits).sum()),
        recoveries.map(found -> Wording.duration(found.longestMillis())).orElse("-"));
  }

  private static int width(List<List<String>> rows, int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }

  private static void origin(StringBuilder out, Header header) {
    Machine machine = header.machine();
    out.append("\nPlanaria ")
        .append(Wording.cut(header.version(), NAME_CHARACTERS))
        .append(" on ")
        .append(Wording.cut(machine.system(), NAME_CHARACTERS))
        .append(", ")
        .append(Wording.count(machine.processors(), "processor"));
    if (machine.memoryBytes() > 0) {
      out.append(", ").append(Wording.memory(machine.memoryBytes()));
    }
    out.append(", Java ")
        .append(Wording.cut(machine.java(), NAME_CHARACTERS))
        .append("; begun ")
        .append(Instant.ofEpochMilli(header.startedAtMillis()))
        .append('\n');
  }
}
