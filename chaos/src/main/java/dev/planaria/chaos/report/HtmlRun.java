package dev.planaria.chaos.report;

import dev.planaria.chaos.report.RunReport.Verdict;
import dev.planaria.engine.integrity.StateIntegrityValidator.Check;
import dev.planaria.engine.integrity.StateIntegrityValidator.Validation;
import dev.planaria.engine.json.WireName;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One run on the page of a report: what was broken, the timeline, what was done, and the figures.
final class HtmlRun {

  private static final int SHOWN_VIOLATIONS = 50;
  private static final int SHOWN_MOMENTS = 300;
  private static final int SHOWN_RECOVERIES = 120;
  private static final int SHOWN_IDS = 20;
  private static final int SENTENCE_CHARACTERS = 1_000;
  private static final int NAME_CHARACTERS = 80;
  private static final int RECOVERY_HEIGHT = 70;

  private HtmlRun() {}

  /// Writes it.
  ///
  /// @param open whether it is seen without a click
  static void write(Markup out, ChaosReport.Done done, boolean open) {
    RunReport run = done.run();
    if (open) {
      out.open("details", "class", "card", "open", "");
    } else {
      out.open("details", "class", "card");
    }
    out.open("summary");
    chip(out, run.verdict());
    out.element("b", Wording.cut(run.experiment(), NAME_CHARACTERS))
        .element(
            "span",
            "seed "
                + run.seed()
                + ", "
                + Wording.duration(run.tookMillis())
                + ", "
                + Wording.number(run.counts().acknowledged())
                + " acknowledged",
            "class",
            "soft")
        .close("summary")
        .line();
    violations(out, run.violations());
    if (!run.timeline().isEmpty()) {
      out.element("h3", "Timeline").open("div", "class", "scroll").line();
      TimelineSvg.draw(out, run);
      out.close("div").line();
      moments(out, run.timeline());
    }
    faults(out, run.faults());
    counts(out, run.counts());
    recoveries(out, run.recoveryMillis());
    comparison(out, run.comparison());
    out.element("h3", "Again")
        .open("p")
        .element("code", Wording.cut(done.again(), SENTENCE_CHARACTERS))
        .close("p");
    out.close("details").line();
  }

  /// A verdict as a coloured word.
  static void chip(Markup out, Verdict verdict) {
    out.element("span", Wording.verdict(verdict), "class", "chip " + WireName.of(verdict));
  }

  /// A row of headings.
  static void headings(Markup out, String... names) {
    out.open("tr");
    for (String name : names) {
      out.element("th", name, "scope", "col");
    }
    out.close("tr").line();
  }

  private static void violations(Markup out, List<Violation> violations) {
    if (violations.isEmpty()) {
      return;
    }
    out.element("h3", "Broken promises").open("ul").line();
    for (Violation broken : violations.stream().limit(SHOWN_VIOLATIONS).toList()) {
      out.open("li")
          .element("b", Wording.spaced(WireName.of(broken.kind())))
          .text(": " + Wording.cut(broken.sentence(), SENTENCE_CHARACTERS))
          .close("li")
          .line();
    }
    if (violations.size() > SHOWN_VIOLATIONS) {
      out.element("li", "and " + (violations.size() - SHOWN_VIOLATIONS) + " more").line();
    }
    out.close("ul").line();
  }

  private static void moments(Markup out, List<Moment> moments) {
    out.open("details", "class", "moments")
        .element("summary", Wording.count(moments.size(), "moment") + " in words")
        .open("div", "class", "scroll")
        .open("table");
    headings(out, "At", "For", "Lane", "What");
    for (Moment moment : moments.stream().limit(SHOWN_MOMENTS).toList()) {
      out.open("tr")
          .element("td", String.format(Locale.ROOT, "%.3f s", moment.atMillis() / 1_000.0))
          .element("td", moment.lengthMillis() == 0 ? "" : Wording.duration(moment.lengthMillis()))
          .element("td", WireName.of(moment.lane()))
          .element("td", Wording.cut(moment.sentence(), SENTENCE_CHARACTERS))
          .close("tr")
          .line();
    }
    out.close("table").close("div");
    if (moments.size() > SHOWN_MOMENTS) {
      out.element(
          "p",
          "and " + Wording.number(moments.size() - SHOWN_MOMENTS) + " more in the JSON report");
    }
    out.close("details").line();
  }

  private static void faults(Markup out, List<FaultHits> faults) {
    if (faults.isEmpty()) {
      return;
    }
    out.element("h3", "Faults").open("table");
    headings(out, "What was done", "When", "For", "Times met");
    for (FaultHits met : faults) {
      long length = met.spec().lengthMillis();
      out.open("tr")
          .element("td", Wording.fault(met.spec()))
          .element("td", "after " + Wording.duration(met.spec().startMillis()))
          .element("td", length == 0 ? "at once" : Wording.duration(length))
          .element("td", met.hits() == 0 ? "never" : Wording.number(met.hits()))
          .close("tr")
          .line();
    }
    out.close("table").line();
  }

  private static void counts(Markup out, RunReport.Counts counts) {
    out.element("h3", "Operations")
        .element(
            "p",
            Wording.number(counts.sent())
                + " sent, "
                + Wording.number(counts.acknowledged())
                + " acknowledged, "
                + Wording.number(counts.refused())
                + " refused, "
                + Wording.number(counts.unknown())
                + " answered \"outcome unknown\"")
        .line();
  }

  /// A column for each recovery, in order, as high as it was long.
  private static void recoveries(Markup out, List<Long> millis) {
    Durations.of(millis)
        .ifPresent(found -> {
          out.element("h3", "Recovery times")
              .element(
                  "p",
                  "median "
                      + Wording.duration(found.medianMillis())
                      + ", 95 % within "
                      + Wording.duration(found.p95Millis())
                      + ", longest "
                      + Wording.duration(found.longestMillis())
                      + ", of "
                      + Wording.number(found.count()))
              .open("div", "class", "scroll");
          columns(out, millis.stream().limit(SHOWN_RECOVERIES).toList());
          out.close("div").line();
        });
  }

  private static void columns(Markup out, List<Long> millis) {
    double longest = millis.stream().mapToLong(Long::longValue).max().orElse(1);
    double width = Math.min(40, 1_000.0 / millis.size());
    out.open(
        "svg",
        "viewBox",
        "0 0 1000 " + (RECOVERY_HEIGHT + 4),
        "role",
        "img",
        "aria-label",
        "Recovery times");
    for (int i = 0; i < millis.size(); i++) {
      double height = Math.max(2, RECOVERY_HEIGHT * millis.get(i) / Math.max(1, longest));
      out.open("g")
          .element("title", "recovery " + (i + 1) + ": " + Wording.duration(millis.get(i)))
          .empty(
              "rect",
              "class",
              "state",
              "x",
              at(i * width),
              "y",
              at(RECOVERY_HEIGHT - height),
              "width",
              at(Math.max(1, width - 3)),
              "height",
              at(height),
              "rx",
              "1.5")
          .close("g")
          .line();
    }
    out.close("svg");
  }

  private static void comparison(Markup out, @Nullable Validation comparison) {
    if (comparison == null) {
      return;
    }
    out.element("h3", "State before and after").open("table");
    headings(out, "Component", "Before", "Kept", "Missing", "Changed", "Extra");
    for (Check check : comparison.checks()) {
      out.open("tr")
          .element("td", Wording.cut(check.component(), NAME_CHARACTERS))
          .element("td", Integer.toString(check.expected()))
          .element("td", Integer.toString(check.kept()))
          .element("td", ids(check.missing()))
          .element("td", ids(check.changed()))
          .element("td", ids(check.extra()))
          .close("tr")
          .line();
    }
    out.close("table").line();
  }

  private static String ids(List<String> ids) {
    String shown =
        String.join(
            ", ",
            ids.stream().limit(SHOWN_IDS).map(id -> Wording.cut(id, NAME_CHARACTERS)).toList());
    int more = ids.size() - SHOWN_IDS;
    return ids.isEmpty() ? "none" : more > 0 ? shown + " and " + more + " more" : shown;
  }

  private static String at(double position) {
    return String.format(Locale.ROOT, "%.1f", position);
  }
}
