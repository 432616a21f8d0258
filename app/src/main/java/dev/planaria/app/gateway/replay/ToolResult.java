package dev.planaria.app.gateway.replay;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonSyntaxException;
import dev.planaria.engine.json.JsonValue;
import java.util.List;
import java.util.Optional;

/// A tool's result, as far as ids are looked for in it.
///
/// @param failed true when the tool itself says that it failed (`isError`)
/// @param content `structuredContent`, or the JSON in the first text item; an empty object when
///   there is neither
record ToolResult(boolean failed, JsonValue content) {

  /// Reads a result.
  ///
  /// @param outcome the JSON-RPC result; what is no object has neither ids nor errors
  static ToolResult of(String outcome) {
    JsonValue value;
    try {
      value = Json.parse(outcome, JsonLimits.OWN);
    } catch (JsonSyntaxException nothingToFind) {
      return new ToolResult(false, JsonObject.EMPTY);
    }
    if (!(value instanceof JsonObject result)) {
      return new ToolResult(false, JsonObject.EMPTY);
    }
    boolean failed = result.get("isError") instanceof JsonBoolean(var truth) && truth;
    JsonValue structured = result.get("structuredContent");
    return new ToolResult(
        failed, structured != null ? structured : wrapped(result).orElse(JsonObject.EMPTY));
  }

  private static Optional<JsonValue> wrapped(JsonObject result) {
    List<JsonValue> items =
        result.get("content") instanceof JsonArray(var all) ? all : List.<JsonValue>of();
    for (JsonValue item : items) {
      if (item instanceof JsonObject object && object.get("text") instanceof JsonString(var text)) {
        try {
          return Optional.of(Json.parse(text, JsonLimits.OWN));
        } catch (JsonSyntaxException freeText) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }
}
