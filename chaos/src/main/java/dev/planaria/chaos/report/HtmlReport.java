package dev.planaria.chaos.report;

import dev.planaria.chaos.report.ChaosReport.Done;
import dev.planaria.chaos.report.ChaosReport.Header;
import dev.planaria.chaos.report.ChaosReport.Unfinished;
import dev.planaria.chaos.report.RunReport.Verdict;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/// A report as one page that needs nothing else: no script, no font, no picture from elsewhere, and
/// a policy that forbids them, should a text of the report ever try. Thread-safe.
public final class HtmlReport {

  /// Runs that are shown in full; those with trouble come first. All are in the table.
  private static final int FULL_RUNS = 100;

  /// Rows of the table of runs; beyond this a browser becomes slow, and JSON has them all.
  private static final int TABLE_RUNS = 2_000;

  /// So few are worth looking at without a click.
  private static final int OPEN_RUNS = 3;

  private HtmlReport() {}

  /// Renders a report.
  public static String of(ChaosReport report) {
    Header header = report.header();
    var out = new Markup("<!doctype html>\n");
    out.open("html", "lang", "en").line().open("head").line();
    out.empty("meta", "charset", "utf-8").line();
    out.empty("meta", "http-equiv", "Content-Security-Policy", "content", HtmlStyle.policy());
    out.line().empty("meta", "name", "referrer", "content", "no-referrer").line();
    out.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1").line();
    out.element("title", "Chaos report: " + header.title()).line();
    out.style(HtmlStyle.SHEET).line().close("head").line().open("body").open("main").line();
    top(out, report);
    tiles(out, report);
    trouble(out, report);
    runs(out, report.done());
    table(out, report.runs());
    footer(out, header);
    return out.close("main").close("body").close("html").line().toString();
  }

  private static void top(Markup out, ChaosReport report) {
    Header header = report.header();
    out.open("div", "class", "top");
    HtmlRun.chip(out, report.verdict());
    out.open("div").element("h1", "Chaos report: " + Wording.cut(header.title(), 120));
    out.element("p", sentence(report.verdict()), "class", "soft").close("div").close("div").line();
  }

  private static String sentence(Verdict verdict) {
    return switch (verdict) {
      case PASSED -> "Every promise was kept, and every fault was really met.";
      case FAILED -> "A promise was broken.";
      case PROVED_NOTHING ->
          "No promise was broken, but something was not met or not run, so that nothing is shown.";
    };
  }

  private static void tiles(Markup out, ChaosReport report) {
    RunReport.Counts counts = report.counts();
    out.open("div", "class", "tiles").line();
    tile(out, Wording.number(report.runs().size()), "runs");
    tile(out, Wording.number(report.hits()), "times a fault was met");
    tile(out, Wording.number(counts.acknowledged()), "operations acknowledged");
    tile(out, Wording.number(counts.unknown()), "answered \"outcome unknown\"");
    tile(out, Wording.number(report.violations()), "promises broken");
    report
        .recoveries()
        .ifPresent(found -> {
          tile(out, Wording.duration(found.medianMillis()), "median recovery");
          tile(out, Wording.duration(found.p95Millis()), "95 % recovered within");
          tile(out, Wording.duration(found.longestMillis()), "longest recovery");
        });
    report
        .detections()
        .ifPresent(found -> {
          tile(out, Wording.number(found.planted()), "damages planted");
          tile(out, Wording.number(found.found()), "of them found");
          tile(out, Wording.number(found.missed()), "of them missed");
          tile(out, Wording.number(found.innocent()), "findings about sessions not concerned");
        });
    tile(out, Wording.duration(report.header().tookMillis()), "in all");
    out.close("div").line();
  }

  private static void tile(Markup out, String figure, String what) {
    out.open("div", "class", "tile").element("b", figure).element("span", what).close("div").line();
  }

  private static void trouble(Markup out, ChaosReport report) {
    if (report.unfinished().isEmpty() && report.unmet().isEmpty()) {
      return;
    }
    out.element("h2", "What was not shown").open("div", "class", "card list").open("ul").line();
    for (ChaosReport.NamedFault unmet : report.unmet()) {
      out.element("li", Wording.fault(unmet) + " was promised, and met by no run").line();
    }
    for (Unfinished unfinished : report.unfinished()) {
      out.element(
              "li",
              unfinished.experiment()
                  + ", seed "
                  + unfinished.seed()
                  + ", was not run to its end: "
                  + unfinished.reason())
          .line();
    }
    out.close("ul").close("div").line();
  }

  private static void runs(Markup out, List<Done> runs) {
    if (runs.isEmpty()) {
      return;
    }
    out.element("h2", "Runs").line();
    runs.stream()
        .sorted(Comparator.comparingInt(HtmlReport::urgency))
        .limit(FULL_RUNS)
        .forEach(done ->
            HtmlRun.write(
                out, done, runs.size() <= OPEN_RUNS || done.run().verdict() != Verdict.PASSED));
    if (runs.size() > FULL_RUNS) {
      out.element(
              "p",
              "The other "
                  + Wording.count(runs.size() - FULL_RUNS, "run")
                  + " are in the table below, and in full in the JSON report.",
              "class",
              "soft")
          .line();
    }
  }

  private static int urgency(Done done) {
    return switch (done.run().verdict()) {
      case FAILED -> 0;
      case PROVED_NOTHING -> 1;
      case PASSED -> 2;
    };
  }

  private static void table(Markup out, List<RunReport> runs) {
    if (runs.size() < 2) {
      return;
    }
    out.element("h2", "All runs").open("div", "class", "card list scroll").open("table");
    HtmlRun.headings(
        out,
        "Experiment",
        "Verdict",
        "Seed",
        "Took",
        "Acknowledged",
        "Unknown",
        "Hits",
        "Longest recovery");
    runs.stream().limit(TABLE_RUNS).forEach(run -> row(out, run));
    out.close("table").close("div").line();
  }

  private static void row(Markup out, RunReport run) {
    out.open("tr").element("td", Wording.cut(run.experiment(), 80)).open("td");
    HtmlRun.chip(out, run.verdict());
    out.close("td");
    long hits = run.faults().stream().mapToLong(FaultHits::hits).sum();
    String longest =
        Durations.of(run.recoveryMillis())
            .map(found -> Wording.duration(found.longestMillis()))
            .orElse("");
    for (String figure :
        List.of(
            Long.toString(run.seed()),
            Wording.duration(run.tookMillis()),
            Wording.number(run.counts().acknowledged()),
            Wording.number(run.counts().unknown()),
            Wording.number(hits),
            longest)) {
      out.element("td", figure, "class", "figure");
    }
    out.close("tr").line();
  }

  private static void footer(Markup out, Header header) {
    Machine machine = header.machine();
    String memory = machine.memoryBytes() > 0 ? ", " + Wording.memory(machine.memoryBytes()) : "";
    out.open("footer")
        .element(
            "p",
            "Planaria "
                + header.version()
                + ", Java "
                + machine.java()
                + ", on "
                + machine.system()
                + " with "
                + Wording.count(machine.processors(), "processor")
                + memory
                + ".")
        .element(
            "p",
            "Begun "
                + Instant.ofEpochMilli(header.startedAtMillis())
                + (header.profile() == null ? "" : ", profile " + header.profile())
                + ". A promise is broken when something acknowledged is lost, doubled or out of"
                + " order, when a caller hears nothing, or when damage goes unnoticed.")
        .close("footer")
        .line();
  }
}
