package dev.planaria.app.api;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonNull;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.util.ArrayList;

/// Cuts JSON down to what a page can show: a value of a session may be a megabyte. What was cut is
/// said in its place.
final class Shortened {
  private static final int CHARACTERS = 600;
  private static final int ITEMS = 40;
  private static final int DEPTH = 8;

  private Shortened() {}

  /// The same value, at most some tens of kilobytes long.
  static JsonValue of(JsonValue value) {
    return of(value, 0);
  }

  private static JsonValue of(JsonValue value, int depth) {
    return switch (value) {
      case JsonObject(var members) -> {
        if (depth >= DEPTH) {
          yield new JsonString("… (" + members.size() + " members)");
        }
        JsonObject.Builder copy = JsonObject.builder();
        members.entrySet().stream()
            .limit(ITEMS)
            .forEach(member -> copy.put(member.getKey(), of(member.getValue(), depth + 1)));
        if (members.size() > ITEMS) {
          copy.put("…", (members.size() - ITEMS) + " more members");
        }
        yield copy.build();
      }
      case JsonArray(var items) -> {
        if (depth >= DEPTH) {
          yield new JsonString("… (" + items.size() + " items)");
        }
        var copy = new ArrayList<JsonValue>();
        items.stream().limit(ITEMS).forEach(item -> copy.add(of(item, depth + 1)));
        if (items.size() > ITEMS) {
          copy.add(new JsonString("… (" + (items.size() - ITEMS) + " more)"));
        }
        yield new JsonArray(copy);
      }
      case JsonString(String text) ->
          text.length() <= CHARACTERS
              ? value
              : new JsonString(
                  cut(text) + "… (" + (text.length() - CHARACTERS) + " more characters)");
      case JsonNumber number -> number;
      case JsonBoolean truth -> truth;
      case JsonNull nothing -> nothing;
    };
  }

  /// Never between the two halves of a character.
  private static String cut(String text) {
    boolean halved = Character.isHighSurrogate(text.charAt(CHARACTERS - 1));
    return text.substring(0, halved ? CHARACTERS - 1 : CHARACTERS);
  }
}
