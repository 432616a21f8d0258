package dev.planaria.engine.json;

import java.util.ArrayList;
import java.util.List;

/// A JSON array. Immutable.
///
/// @param items the values, in order
public record JsonArray(List<JsonValue> items) implements JsonValue {

  /// The array without items.
  public static final JsonArray EMPTY = new JsonArray(List.of());

  /// Copies the items.
  public JsonArray {
    items = List.copyOf(items);
  }

  /// An array of texts.
  public static JsonArray ofStrings(Iterable<String> texts) {
    var items = new ArrayList<JsonValue>();
    texts.forEach(text -> items.add(new JsonString(text)));
    return new JsonArray(items);
  }
}
