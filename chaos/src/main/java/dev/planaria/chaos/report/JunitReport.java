package dev.planaria.chaos.report;

import dev.planaria.chaos.report.ChaosReport.Done;
import dev.planaria.chaos.report.ChaosReport.Unfinished;
import dev.planaria.chaos.report.RunReport.Verdict;
import dev.planaria.engine.json.WireName;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// A report in the XML that build servers show as tests: one suite, and a test case for each run. A
/// broken promise is a failure; what proved nothing, or was not run to its end, is an error.
/// Thread-safe.
public final class JunitReport {

  private JunitReport() {}

  /// Renders a report.
  public static String of(ChaosReport report) {
    List<RunReport> runs = report.runs();
    List<ChaosReport.NamedFault> unmet = report.unmet();
    int others = report.unfinished().size() + (unmet.isEmpty() ? 0 : 1);
    String name = "planaria chaos " + report.header().title();
    String tests = Integer.toString(runs.size() + others);
    String failures = Long.toString(count(runs, Verdict.FAILED));
    String errors = Long.toString(count(runs, Verdict.PROVED_NOTHING) + others);
    String time = seconds(report.header().tookMillis());
    String began = Instant.ofEpochMilli(report.header().startedAtMillis()).toString();
    var out = new Markup("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.open("testsuites", "name", name, "tests", tests, "failures", failures, "errors", errors)
        .line()
        .open(
            "testsuite",
            "name",
            name,
            "tests",
            tests,
            "failures",
            failures,
            "errors",
            errors,
            "skipped",
            "0",
            "time",
            time,
            "timestamp",
            began)
        .line();
    properties(out, report.header());
    report.done().forEach(done -> testCase(out, done));
    for (Unfinished unfinished : report.unfinished()) {
      open(out, unfinished.experiment() + " seed " + unfinished.seed(), 0);
      problem(out, "error", "not_finished", unfinished.reason());
      out.close("testcase").line();
    }
    if (!unmet.isEmpty()) {
      String faults = String.join(", ", unmet.stream().map(Wording::fault).toList());
      open(out, "promised faults", 0);
      problem(out, "error", "proved_nothing", "met by no run: " + faults);
      out.close("testcase").line();
    }
    return out.close("testsuite").line().close("testsuites").line().toString();
  }

  private static long count(List<RunReport> runs, Verdict verdict) {
    return runs.stream().filter(run -> run.verdict() == verdict).count();
  }

  private static void properties(Markup out, ChaosReport.Header header) {
    Machine machine = header.machine();
    out.open("properties")
        .empty("property", "name", "planaria", "value", header.version())
        .empty("property", "name", "system", "value", machine.system())
        .empty("property", "name", "processors", "value", Integer.toString(machine.processors()))
        .empty("property", "name", "java", "value", machine.java())
        .close("properties")
        .line();
  }

  private static void testCase(Markup out, Done done) {
    RunReport run = done.run();
    open(out, run.experiment() + " seed " + run.seed(), run.tookMillis());
    switch (run.verdict()) {
      case PASSED -> {}
      case FAILED -> {
        Violation first = run.violations().getFirst();
        problem(out, "failure", WireName.of(first.kind()), first.sentence());
      }
      case PROVED_NOTHING ->
          problem(
              out, "error", "proved_nothing", "a fault was never met, or nothing was acknowledged");
    }
    out.open("system-out").text("again: " + done.again()).line();
    for (FaultHits met : run.faults()) {
      out.text(Wording.fault(met.spec()) + ": met " + Wording.count(met.hits(), "time")).line();
    }
    for (Violation broken : run.violations()) {
      out.text(WireName.of(broken.kind()) + ": " + broken.sentence()).line();
    }
    out.close("system-out").close("testcase").line();
  }

  private static void open(Markup out, String name, long tookMillis) {
    out.open("testcase", "classname", "planaria.chaos", "name", name, "time", seconds(tookMillis));
  }

  private static void problem(Markup out, String element, String type, String message) {
    out.element(element, message, "type", type, "message", message);
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.3f", millis / 1_000.0);
  }
}
