package dev.planaria.chaos.report;

import dev.planaria.chaos.fault.FaultCodec;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.report.ChaosReport.Done;
import dev.planaria.chaos.report.ChaosReport.Header;
import dev.planaria.chaos.report.ChaosReport.NamedFault;
import dev.planaria.chaos.report.ChaosReport.Unfinished;
import dev.planaria.chaos.report.RunReport.Verdict;
import dev.planaria.engine.integrity.StateIntegrityValidator.Check;
import dev.planaria.engine.integrity.StateIntegrityValidator.Validation;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.json.WireName;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reports as JSON, written and read back again. `docs/chaos.md` describes the members. What can be
/// computed from the rest (`verdict`, `started_at`) is written for readers and not believed when it
/// is read: a report whose verdict does not follow from its runs is refused. Thread-safe.
public final class ReportJson {

  /// What `format` says; another number means other members.
  public static final String FORMAT = "planaria-chaos-report/1";

  /// A night's report has some megabytes; beyond this nobody could look at it.
  private static final JsonLimits LIMITS =
      new JsonLimits(256 << 20, 16, 16 << 20, 256, 32, 20_000_000);

  private static final int MOST_ITEMS = 1_000_000;
  private static final int NAME_CHARACTERS = 1 << 20;
  private static final long LONGEST = Long.MAX_VALUE;

  private ReportJson() {}

  /// Writes a report.
  public static JsonObject toJson(ChaosReport report) {
    Header header = report.header();
    return JsonObject.builder()
        .put("format", FORMAT)
        .put("verdict", WireName.of(report.verdict()))
        .put("title", header.title())
        .put("profile", header.profile())
        .put("started_at", Instant.ofEpochMilli(header.startedAtMillis()).toString())
        .put("started_at_millis", header.startedAtMillis())
        .put("took_millis", header.tookMillis())
        .put("version", header.version())
        .put("machine", machine(header.machine()))
        .put("promised", array(header.promised(), ReportJson::named))
        .put("runs", array(report.done(), ReportJson::done))
        .put("unfinished", array(report.unfinished(), ReportJson::unfinished))
        .build();
  }

  /// Reads a report.
  ///
  /// @throws dev.planaria.engine.json.JsonSyntaxException when the text is no JSON
  /// @throws FieldException when it is no report; the message names the member and the rule
  public static ChaosReport parse(byte[] utf8) {
    Fields fields = Fields.of(Json.parseObject(utf8, LIMITS));
    if (!FORMAT.equals(fields.requiredText("format", NAME_CHARACTERS))) {
      throw new FieldException("format", "must be " + FORMAT);
    }
    Verdict said = fields.requiredEnum("verdict", Verdict.class);
    fields.optionalText("started_at", NAME_CHARACTERS);
    var header =
        new Header(
            text(fields, "title"),
            fields.optionalText("profile", NAME_CHARACTERS),
            time(fields),
            fields.requiredLong("took_millis", 0, LONGEST),
            text(fields, "version"),
            machine(fields.requiredFields("machine")),
            each(fields, "promised", ReportJson::named));
    var report =
        new ChaosReport(
            header,
            each(fields, "runs", ReportJson::done),
            each(fields, "unfinished", ReportJson::unfinished));
    fields.refuseUnknown();
    if (said != report.verdict()) {
      throw new FieldException(
          "verdict", "must follow from the runs, which are " + report.verdict());
    }
    return report;
  }

  private static JsonObject machine(Machine machine) {
    return JsonObject.builder()
        .put("system", machine.system())
        .put("processors", machine.processors())
        .put("memory_bytes", machine.memoryBytes())
        .put("java", machine.java())
        .build();
  }

  private static Machine machine(Fields fields) {
    return closed(
        fields,
        new Machine(
            text(fields, "system"),
            fields.requiredInt("processors", 1, MOST_ITEMS),
            fields.requiredLong("memory_bytes", 0, LONGEST),
            text(fields, "java")));
  }

  private static JsonObject named(NamedFault fault) {
    return JsonObject.builder()
        .put("fault", fault.kind())
        .put("target", WireName.of(fault.target()))
        .build();
  }

  private static NamedFault named(Fields fields) {
    return closed(
        fields,
        new NamedFault(
            fields.requiredText("fault", NAME_CHARACTERS),
            fields.requiredEnum("target", Target.class)));
  }

  private static JsonObject unfinished(Unfinished unfinished) {
    return JsonObject.builder()
        .put("experiment", unfinished.experiment())
        .put("seed", unfinished.seed())
        .put("reason", unfinished.reason())
        .build();
  }

  private static Unfinished unfinished(Fields fields) {
    return closed(
        fields, new Unfinished(text(fields, "experiment"), seed(fields), text(fields, "reason")));
  }

  private static JsonObject done(Done done) {
    RunReport run = done.run();
    RunReport.Counts counts = run.counts();
    Validation comparison = run.comparison();
    return JsonObject.builder()
        .put("experiment", run.experiment())
        .put("seed", run.seed())
        .put("verdict", WireName.of(run.verdict()))
        .put("again", done.again())
        .put("started_at_millis", run.startedAtMillis())
        .put("took_millis", run.tookMillis())
        .put("faults", array(run.faults(), ReportJson::hits))
        .put(
            "counts",
            JsonObject.builder()
                .put("sent", counts.sent())
                .put("acknowledged", counts.acknowledged())
                .put("refused", counts.refused())
                .put("unknown", counts.unknown())
                .build())
        .put("recovery_millis", array(run.recoveryMillis(), JsonNumber::of))
        .put(
            "comparison", comparison == null ? null : array(comparison.checks(), ReportJson::check))
        .put("violations", array(run.violations(), ReportJson::violation))
        .put("timeline", array(run.timeline(), ReportJson::moment))
        .put("detections", detections(run.detections()))
        .build();
  }

  private static Done done(Fields fields) {
    fields.requiredEnum("verdict", Verdict.class);
    String again = text(fields, "again");
    var run =
        new RunReport(
            text(fields, "experiment"),
            seed(fields),
            time(fields),
            fields.requiredLong("took_millis", 0, LONGEST),
            each(fields, "faults", ReportJson::hits),
            counts(fields.requiredFields("counts")),
            fields.requiredLongs("recovery_millis", MOST_ITEMS, 0, LONGEST),
            fields.optionalValue("comparison") == null
                ? null
                : new Validation(each(fields, "comparison", ReportJson::check)),
            each(fields, "violations", ReportJson::violation),
            each(fields, "timeline", ReportJson::moment),
            detections(fields.optionalFields("detections")));
    return closed(fields, new Done(run, again));
  }

  private static JsonObject hits(FaultHits met) {
    return JsonObject.builder()
        .put("spec", FaultCodec.toJson(met.spec()))
        .put("hits", met.hits())
        .build();
  }

  private static FaultHits hits(Fields fields) {
    return closed(
        fields,
        new FaultHits(
            FaultCodec.read(fields.requiredFields("spec")),
            fields.requiredLong("hits", 0, LONGEST)));
  }

  private static RunReport.Counts counts(Fields fields) {
    return closed(
        fields,
        new RunReport.Counts(
            fields.requiredLong("sent", 0, LONGEST),
            fields.requiredLong("acknowledged", 0, LONGEST),
            fields.requiredLong("refused", 0, LONGEST),
            fields.requiredLong("unknown", 0, LONGEST)));
  }

  private static @Nullable JsonObject detections(@Nullable Detections detections) {
    return detections == null
        ? null
        : JsonObject.builder()
            .put("planted", detections.planted())
            .put("found", detections.found())
            .put("missed", detections.missed())
            .put("innocent", detections.innocent())
            .build();
  }

  private static @Nullable Detections detections(@Nullable Fields fields) {
    if (fields == null) {
      return null;
    }
    long planted = fields.requiredLong("planted", 0, LONGEST);
    long found = fields.requiredLong("found", 0, planted);
    long missed = fields.requiredLong("missed", 0, planted - found);
    return closed(
        fields,
        new Detections(planted, found, missed, fields.requiredLong("innocent", 0, LONGEST)));
  }

  private static JsonObject check(Check check) {
    return JsonObject.builder()
        .put("component", check.component())
        .put("expected", check.expected())
        .put("kept", check.kept())
        .put("missing", JsonArray.ofStrings(check.missing()))
        .put("changed", JsonArray.ofStrings(check.changed()))
        .put("extra", JsonArray.ofStrings(check.extra()))
        .build();
  }

  private static Check check(Fields fields) {
    return closed(
        fields,
        new Check(
            text(fields, "component"),
            fields.requiredInt("expected", 0, Integer.MAX_VALUE),
            fields.requiredInt("kept", 0, Integer.MAX_VALUE),
            ids(fields, "missing"),
            ids(fields, "changed"),
            ids(fields, "extra")));
  }

  private static List<String> ids(Fields fields, String name) {
    List<String> ids = fields.optionalTexts(name, MOST_ITEMS, LIMITS.stringCharacters());
    return ids == null ? List.of() : ids;
  }

  private static JsonObject violation(Violation violation) {
    return JsonObject.builder()
        .put("kind", WireName.of(violation.kind()))
        .put("sentence", violation.sentence())
        .build();
  }

  private static Violation violation(Fields fields) {
    return closed(
        fields,
        new Violation(fields.requiredEnum("kind", Violation.Kind.class), text(fields, "sentence")));
  }

  private static JsonObject moment(Moment moment) {
    return JsonObject.builder()
        .put("at_millis", moment.atMillis())
        .put("length_millis", moment.lengthMillis())
        .put("lane", WireName.of(moment.lane()))
        .put("sentence", moment.sentence())
        .build();
  }

  private static Moment moment(Fields fields) {
    return closed(
        fields,
        new Moment(
            // What led up to the workload has happened before it.
            fields.requiredLong("at_millis", -LONGEST, LONGEST),
            fields.requiredLong("length_millis", 0, LONGEST),
            fields.requiredEnum("lane", Moment.Lane.class),
            text(fields, "sentence")));
  }

  private static long seed(Fields fields) {
    return fields.requiredLong("seed", Long.MIN_VALUE, Long.MAX_VALUE);
  }

  private static long time(Fields fields) {
    return fields.requiredLong("started_at_millis", 0, LONGEST);
  }

  /// Any text, an empty one too.
  private static String text(Fields fields, String name) {
    JsonValue value = fields.requiredValue(name);
    return value instanceof JsonString(var text) && text.isEmpty()
        ? ""
        : fields.requiredText(name, LIMITS.stringCharacters());
  }

  private static <T> T closed(Fields fields, T read) {
    fields.refuseUnknown();
    return read;
  }

  private static <T> JsonArray array(Collection<T> values, Function<T, JsonValue> write) {
    return new JsonArray(values.stream().map(write).toList());
  }

  private static <T> List<T> each(Fields fields, String name, Function<Fields, T> read) {
    return fields.requiredEach(name, MOST_ITEMS).stream().map(read).toList();
  }
}
