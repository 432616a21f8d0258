package dev.planaria.chaos.report;

import dev.planaria.chaos.fault.Fault;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.report.ChaosReport.Done;
import dev.planaria.chaos.report.ChaosReport.Header;
import dev.planaria.chaos.report.ChaosReport.NamedFault;
import dev.planaria.chaos.report.ChaosReport.Unfinished;
import dev.planaria.chaos.report.Moment.Lane;
import dev.planaria.engine.integrity.StateIntegrityValidator.Check;
import dev.planaria.engine.integrity.StateIntegrityValidator.Validation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Reports for tests.
final class Reports {

  static final FaultSpec KILL = new FaultSpec(new Fault.Kill(), Target.WORKER, 1_000, 0);
  static final FaultSpec DELAY =
      new FaultSpec(new Fault.Delay(250), Target.CLIENT_LINK, 500, 2_000);

  /// What a server that lies, or a caller who tries, may have put into a text.
  static final List<String> HOSTILE =
      List.of(
          "<script>alert(1)</script>",
          "\"><img src=x onerror=alert(1)>",
          "' onmouseover='alert(1)",
          "</style></title></svg><script>alert(2)</script>",
          "]]><!-- &lt; &#x3c;script&#x3e; --> &amp;",
          "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>&e;",
          "\u001b[2J\u001b[31mPASSED\u0007",
          "one\nPASSED  everything: 1 run\r\ttwo",
          "\u202Edessap\u2066 \u200F",
          "\u0000 \uFFFE \uFFFF \uD83D\uDE00",
          "javascript:alert(1) ${7*7} {{7*7}} %s %n",
          "",
          "x".repeat(20_000));

  private Reports() {}

  static RunReport passed(long seed) {
    return new RunReport(
        "process-kill",
        seed,
        1_800_000_000_000L,
        4_200,
        List.of(new FaultHits(KILL, 3), new FaultHits(DELAY, 12)),
        new RunReport.Counts(1_010, 1_000, 4, 6),
        List.of(810L, 420L, 1_900L),
        new Validation(List.of(new Check("tasks", 12, 12, List.of(), List.of(), List.of()))),
        List.of(),
        List.of(
            new Moment(0, 0, Lane.STATE, "worker 4711 serves"),
            new Moment(1_000, 0, Lane.FAULT, "kill of worker 4711"),
            new Moment(1_000, 810, Lane.STATE, "nobody serves"),
            new Moment(500, 2_000, Lane.FAULT, "everything arrives 250 ms late"),
            new Moment(1_820, 0, Lane.OPERATION, "the first answer after it")));
  }

  static RunReport failed() {
    RunReport good = passed(7);
    return new RunReport(
        "random-kills",
        7,
        good.startedAtMillis(),
        9_000,
        good.faults(),
        good.counts(),
        good.recoveryMillis(),
        new Validation(
            List.of(new Check("tasks", 12, 10, List.of("t-1"), List.of("t-2"), List.of("t-9")))),
        List.of(
            new Violation(Violation.Kind.LOST, "operation op-17 was acknowledged and is gone"),
            new Violation(Violation.Kind.STUCK, "operation op-18 had no answer after 15 s")),
        manyMoments());
  }

  static RunReport provedNothing() {
    RunReport good = passed(8);
    return new RunReport(
        "connection-drop",
        8,
        good.startedAtMillis(),
        1_000,
        List.of(new FaultHits(KILL, 0)),
        new RunReport.Counts(0, 0, 0, 0),
        List.of(),
        null,
        List.of(),
        List.of());
  }

  private static List<Moment> manyMoments() {
    var moments = new ArrayList<Moment>();
    for (int i = 0; i < 900; i++) {
      moments.add(new Moment(10L * i, i % 7, Lane.OPERATION, "operation " + i));
    }
    for (int i = 0; i < 12; i++) {
      moments.add(new Moment(700L * i, 0, Lane.FAULT, "kill of worker " + (4_000 + i)));
      moments.add(new Moment(700L * i, 350, Lane.STATE, "nobody serves, for the " + i + "th time"));
    }
    return moments;
  }

  static ChaosReport of(RunReport... runs) {
    return new ChaosReport(header("smoke"), done(runs), List.of());
  }

  static List<Done> done(RunReport... runs) {
    return Stream.of(runs)
        .map(run ->
            new Done(run, "planaria chaos run " + run.experiment() + " --seed " + run.seed()))
        .toList();
  }

  static Header header(String title, NamedFault... promised) {
    return new Header(
        title,
        "smoke",
        1_800_000_000_000L,
        41_200,
        "0.1.0",
        new Machine("Linux 6.1 amd64", 2, 8L << 30, "25.0.3+9"),
        List.of(promised));
  }

  /// A text in every place where one can stand.
  static ChaosReport hostile(String text) {
    RunReport run =
        new RunReport(
            text,
            Long.MIN_VALUE,
            0,
            Long.MAX_VALUE,
            List.of(new FaultHits(KILL, 1)),
            new RunReport.Counts(1, 1, 0, 0),
            List.of(0L, Long.MAX_VALUE),
            new Validation(List.of(new Check(text, 1, 0, texts(text), texts(text), texts(text)))),
            List.of(new Violation(Violation.Kind.LOST, text)),
            List.of(
                new Moment(Long.MIN_VALUE + 1, 0, Lane.STATE, text),
                new Moment(0, 5, Lane.FAULT, text),
                new Moment(Long.MAX_VALUE, Long.MAX_VALUE, Lane.OPERATION, text)));
    var header =
        new Header(
            text,
            text.isEmpty() ? null : text,
            0,
            0,
            text,
            new Machine(text, 1, 0, text),
            List.of(new NamedFault(text.isEmpty() ? "x" : text, Target.DISK)));
    return new ChaosReport(
        header, List.of(new Done(run, text)), List.of(new Unfinished(text, -1, text)));
  }

  private static List<String> texts(String text) {
    return text.isEmpty() ? List.of() : List.of(text);
  }
}
