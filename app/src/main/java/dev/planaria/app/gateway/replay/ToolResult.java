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

/// A tool's result, as far as ids are looked for in it.
///
/// @param failed true when the tool itself says that it failed (`isError`)
/// @param content `structuredContent`, or the JSON in the first text item; an empty object when
///   there is neither
/// @param freeText the first text item when it is no JSON; else empty
record ToolResult(boolean failed, JsonValue content, String freeText) {

  /// Reads a result.
  ///
  /// @param outcome the JSON-RPC result; what is no object has neither ids nor errors
  static ToolResult of(String outcome) {
    JsonValue value;
    try {
      value = Json.parse(outcome, JsonLimits.OWN);
    } catch (JsonSyntaxException nothingToFind) {
      return new ToolResult(false, JsonObject.EMPTY, "");
    }
    if (!(value instanceof JsonObject result)) {
      return new ToolResult(false, JsonObject.EMPTY, "");
    }
    boolean failed = result.get("isError") instanceof JsonBoolean(var truth) && truth;
    JsonValue structured = result.get("structuredContent");
    if (structured != null) {
      return new ToolResult(failed, structured, "");
    }
    String text = firstText(result);
    try {
      return new ToolResult(failed, Json.parse(text, JsonLimits.OWN), "");
    } catch (JsonSyntaxException free) {
      return new ToolResult(failed, JsonObject.EMPTY, text);
    }
  }

  private static String firstText(JsonObject result) {
    List<JsonValue> items =
        result.get("content") instanceof JsonArray(var all) ? all : List.<JsonValue>of();
    for (JsonValue item : items) {
      if (item instanceof JsonObject object && object.get("text") instanceof JsonString(var text)) {
        return text;
      }
    }
    return "";
  }
}
