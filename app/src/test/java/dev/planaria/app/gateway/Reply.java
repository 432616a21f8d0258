package dev.planaria.app.gateway;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What came back.
///
/// @param status HTTP status, 0 when there is no answer yet
/// @param headers header fields
/// @param body the body so far
/// @param streaming true when it is a stream of events
/// @param ended true when the answer came to its proper end
public record Reply(
    int status, Map<String, String> headers, String body, boolean streaming, boolean ended) {
  /// One server-sent event.
  ///
  /// @param id its id, or null
  /// @param data its data
  /// @param retryMillis its `retry`, or null
  public record Event(@Nullable String id, String data, @Nullable String retryMillis) {}

  /// The events of a stream, comments left out.
  public List<Event> events() {
    var events = new ArrayList<Event>();
    for (String block : body.split("\n\n", -1)) {
      String id = null;
      String retry = null;
      String data = null;
      for (String line : block.split("\n", -1)) {
        if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("retry: ")) {
          retry = line.substring(7);
        } else if (line.startsWith("data: ")) {
          data = line.substring(6);
        }
      }
      if (data != null) {
        events.add(new Event(id, data, retry));
      }
    }
    return events;
  }

  /// The one JSON-RPC message of the answer, however it was carried.
  public JsonObject message() {
    String json = streaming ? events().getLast().data() : body;
    return Json.parseObject(json, JsonLimits.OWN);
  }

  /// What stands at a path of member names and array places, as text; `(none)` when nothing does.
  public String at(String path) {
    return at(message(), path);
  }

  /// What stands at a path below a value.
  public static String at(JsonValue from, String path) {
    JsonValue value = from;
    for (String step : path.split("/", -1)) {
      value =
          switch (value) {
            case JsonObject object -> Objects.requireNonNullElse(object.get(step), NONE);
            case JsonArray(List<JsonValue> items) ->
                Integer.parseInt(step) < items.size() ? items.get(Integer.parseInt(step)) : NONE;
            default -> NONE;
          };
    }
    return switch (value) {
      case JsonString(String text) -> text;
      case JsonNumber(String text) -> text;
      case JsonBoolean(boolean truth) -> String.valueOf(truth);
      default -> Json.write(value);
    };
  }

  private static final JsonString NONE = new JsonString("(none)");
}
