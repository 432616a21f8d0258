package dev.planaria.app.clients.programs;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonNull;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Writes what happens to standard output, one JSON object a line; `ledger/lines.mjs` has the form.
/// Thread-safe.
final class LedgerLines {

  /// Carries a call's name, so that the traced worker can say how far it got with that call.
  static final String CALL_HEADER = "X-Ledger-Call";

  private LedgerLines() {}

  /// The workload's name for the call in a request's body.
  static Optional<String> callIn(@Nullable String body) {
    if (body != null
        && Json.parse(body, JsonLimits.DEFAULT) instanceof JsonObject request
        && request.get("params") instanceof JsonObject params
        && params.get("arguments") instanceof JsonObject arguments
        && arguments.get("operation_id") instanceof JsonString(String name)) {
      return Optional.of(name);
    }
    return Optional.empty();
  }

  /// Tells the harness that something happened; members that are null are left out.
  static void tell(String event, Object... namesAndValues) {
    var line =
        JsonObject.builder()
            .put("event", event)
            .put("at", ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      Object value = namesAndValues[i + 1];
      if (!value.equals(NOTHING)) {
        line.put((String) namesAndValues[i], json(value));
      }
    }
    System.out.println(Json.write(line.build()));
  }

  /// Stands for a member that is not there.
  static final Object NOTHING = new Object();

  static Object orNothing(@Nullable Object value) {
    return value == null ? NOTHING : value;
  }

  /// A tree of maps, lists and values as JSON.
  static String write(Object value) {
    return Json.write(json(value));
  }

  private static JsonValue json(@Nullable Object value) {
    return switch (value) {
      case null -> new JsonNull();
      case String text -> new JsonString(text);
      case Boolean truth -> JsonBoolean.of(truth);
      case Number number -> new JsonNumber(number.toString());
      case Map<?, ?> map -> {
        var object = JsonObject.builder();
        map.forEach((name, member) -> object.put(String.valueOf(name), json(member)));
        yield object.build();
      }
      case List<?> list -> new JsonArray(list.stream().map(LedgerLines::json).toList());
      default -> throw new IllegalArgumentException("no JSON: " + value.getClass());
    };
  }
}
