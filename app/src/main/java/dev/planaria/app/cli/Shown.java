package dev.planaria.app.cli;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonNull;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// JSON members as a terminal shows them. Control characters never reach the terminal: names and
/// descriptions come from callers, and an escape sequence in one could rewrite what is on screen.
final class Shown {

  private Shown() {}

  /// A member as text; empty when there is none.
  static String text(JsonObject object, String name) {
    return plain(raw(object.get(name)));
  }

  /// A whole number member; 0 when there is none.
  static long number(JsonObject object, String name) {
    return object.get(name) instanceof JsonNumber(var digits) ? Long.parseLong(digits) : 0;
  }

  /// An object member; empty when there is none.
  static JsonObject object(JsonObject object, String name) {
    return object.get(name) instanceof JsonObject member ? member : JsonObject.EMPTY;
  }

  /// The objects in an array member; none when there is no array.
  static List<JsonObject> objects(JsonObject object, String name) {
    return objects(object.get(name));
  }

  /// The objects in an array.
  static List<JsonObject> objects(@Nullable JsonValue array) {
    return array instanceof JsonArray(var items)
        ? items.stream().filter(JsonObject.class::isInstance).map(JsonObject.class::cast).toList()
        : List.of();
  }

  /// A text without control characters.
  static String plain(String text) {
    return text.codePoints()
        .map(c -> Character.isISOControl(c) || isInvisible(c) ? '\uFFFD' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /// Marks that turn the direction of writing around.
  private static boolean isInvisible(int c) {
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  }

  private static String raw(@Nullable JsonValue value) {
    return switch (value) {
      case null -> "";
      case JsonNull() -> "";
      case JsonString(var text) -> text;
      case JsonNumber(var digits) -> digits;
      case JsonValue other -> Json.write(other);
    };
  }
}
