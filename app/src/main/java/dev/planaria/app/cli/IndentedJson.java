package dev.planaria.app.cli;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;

/// JSON as people write it into files: a line for each member, lists of values on one.
final class IndentedJson {
  private static final String STEP = "  ";

  private IndentedJson() {}

  /// The value, with its first line where the cursor stands.
  ///
  /// @param indent of the line in which it begins
  static String of(JsonValue value, String indent) {
    return switch (value) {
      case JsonObject(var members) when !members.isEmpty() -> {
        var out = new StringBuilder("{");
        String comma = "";
        for (var member : members.entrySet()) {
          out.append(comma)
              .append('\n')
              .append(indent)
              .append(STEP)
              .append(Json.write(new JsonString(member.getKey())))
              .append(": ")
              .append(of(member.getValue(), indent + STEP));
          comma = ",";
        }
        yield out.append('\n').append(indent).append('}').toString();
      }
      case JsonArray(var items) ->
          "[" + String.join(", ", items.stream().map(item -> of(item, indent)).toList()) + "]";
      case JsonValue other -> Json.write(other);
    };
  }
}
