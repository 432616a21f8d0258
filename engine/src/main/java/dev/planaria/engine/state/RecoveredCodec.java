package dev.planaria.engine.state;

import dev.planaria.engine.json.JsonReader;
import dev.planaria.engine.json.JsonWriter;
import java.util.List;

/// The members that only [Operation.Recovered] has, and runs of seqs, to JSON and back. Pure and
/// thread-safe.
final class RecoveredCodec {

  private RecoveredCodec() {}

  static void write(JsonWriter out, Operation.Recovered op) {
    out.field("recovery_id", op.recoveryId());
    Operation.Opening opening = op.opening();
    if (opening != null) {
      out.name("opening").beginObject().field("name", opening.name());
      RecordWriter.configuration(out.name("configuration"), opening.configuration());
      out.field("at_ms", opening.atMillis()).endObject();
    }
    RecordWriter.list(out, "lost", op.lost(), RecoveredCodec::range);
    RecordWriter.list(out, "losses", op.losses(), RecoveredCodec::loss);
    SeqRange skipped = op.skipped();
    List<SeqRange> none = List.of();
    RecordWriter.list(
        out, "skipped", skipped == null ? none : List.of(skipped), RecoveredCodec::range);
  }

  static void range(JsonWriter out, SeqRange range) {
    out.beginObject().field("first", range.first()).field("last", range.last()).endObject();
  }

  private static void loss(JsonWriter out, Operation.Loss loss) {
    out.beginObject()
        .field("component", loss.component())
        .field("operations", loss.operations())
        .endObject();
  }

  static SeqRange range(JsonReader in) {
    Long first = null;
    Long last = null;
    in.beginObject();
    for (String field = in.nextName(); field != null; field = in.nextName()) {
      switch (field) {
        case "first" -> first = in.wholeNumber();
        case "last" -> last = in.wholeNumber();
        default -> in.skip();
      }
    }
    try {
      return new SeqRange(
          RecordReader.required(first, "first"), RecordReader.required(last, "last"));
    } catch (IllegalArgumentException e) {
      throw new UndecodableException("a run of seqs is none", e);
    }
  }

  static Operation.Loss loss(JsonReader in) {
    String component = null;
    Long operations = null;
    in.beginObject();
    for (String field = in.nextName(); field != null; field = in.nextName()) {
      switch (field) {
        case "component" -> component = in.text();
        case "operations" -> operations = in.wholeNumber();
        default -> in.skip();
      }
    }
    return new Operation.Loss(
        RecordReader.required(component, "component"),
        RecordReader.required(operations, "operations"));
  }

  static Operation.Opening opening(JsonReader in) {
    String name = null;
    SwarmConfiguration configuration = null;
    Long atMillis = null;
    in.beginObject();
    for (String field = in.nextName(); field != null; field = in.nextName()) {
      switch (field) {
        case "name" -> name = in.text();
        case "configuration" -> configuration = RecordReader.configuration(in);
        case "at_ms" -> atMillis = in.wholeNumber();
        default -> in.skip();
      }
    }
    return new Operation.Opening(
        RecordReader.required(name, "name"),
        RecordReader.required(configuration, "configuration"),
        RecordReader.required(atMillis, "at_ms"));
  }
}
