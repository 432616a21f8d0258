package dev.planaria.app.api;

import dev.planaria.engine.integrity.VerificationReport;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonNull;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.session.ScrubReport;
import java.time.Instant;

/// What lies in a store as operators see it, be it from a worker or from the store itself: JSON
/// objects with snake_case names, times in ISO 8601. Lease tokens are left out.
public final class StoreViews {

  private StoreViews() {}

  /// An entry of the journal, with the operation that it holds.
  public static JsonObject entry(Entry entry) {
    return JsonObject.builder()
        .put("seq", entry.seq())
        .put("time", Instant.ofEpochMilli(entry.timeMillis()).toString())
        .put("type", entry.type())
        .put("operation_id", entry.operationId())
        .put("principal", entry.principal())
        .put("epoch", entry.epoch())
        .put("hash", entry.hash().toString())
        .put("operation", withoutLeaseTokens(Json.parseObject(entry.body(), JsonLimits.OWN)))
        .build();
  }

  /// What a verification looked at and found.
  public static JsonObject report(VerificationReport report) {
    return VerificationViews.report(report);
  }

  /// How far the reading of stored data in the background has come.
  static JsonObject scrub(ScrubReport report) {
    return JsonObject.builder()
        .put("started_at", Instant.ofEpochMilli(report.startedAtMillis()).toString())
        .put("finished", report.finished())
        .put("sessions", report.sessions())
        .put("checkpoints", report.checkpoints())
        .put("segments", report.segments())
        .put("frames", report.frames())
        .put("bytes", report.bytes())
        .put("mended", report.mended())
        .put("findings", VerificationViews.findings(report.findings()))
        .build();
  }

  /// Whoever knows a lease's token may complete its task.
  private static JsonObject withoutLeaseTokens(JsonObject object) {
    var copy = JsonObject.builder();
    object
        .members()
        .forEach((name, value) -> {
          boolean token = name.equals("token") && object.has("expires_at_ms");
          // What a server calls its client's session is nobody else's business.
          boolean session = name.equals("upstream_session") && object.has("transport");
          if (!token && !session) {
            copy.put(name, withoutLeaseTokens(value));
          }
        });
    return copy.build();
  }

  private static JsonValue withoutLeaseTokens(JsonValue value) {
    return switch (value) {
      case JsonObject object -> withoutLeaseTokens(object);
      case JsonArray(var items) ->
          new JsonArray(items.stream().map(StoreViews::withoutLeaseTokens).toList());
      case JsonString text -> text;
      case JsonNumber number -> number;
      case JsonBoolean truth -> truth;
      case JsonNull nothing -> nothing;
    };
  }
}
