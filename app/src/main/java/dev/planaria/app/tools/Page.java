package dev.planaria.app.tools;

import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/// One page of a list, bounded in items and in bytes.
///
/// @param items what is on it
/// @param nextCursor where the next page begins, or null when this was the last
record Page(List<JsonValue> items, @Nullable String nextCursor) {
  /// Most items on a page; more would fill a language model's memory with one answer.
  static final int MAX_ITEMS = 500;

  /// Items on a page when the caller says nothing.
  static final int DEFAULT_ITEMS = 50;

  /// Longest cursor that is accepted; ours are shorter.
  static final int MAX_CURSOR = 2_048;

  /// A page ends after so many bytes, since each item may be a megabyte.
  private static final int MAX_BYTES = 1 << 20;

  /// Fills a page.
  ///
  /// @param source what comes after the cursor, in order
  /// @param limit most items
  /// @param view writes an item
  /// @param cursorOf where to go on after an item
  static <T> Page of(
      Iterator<T> source, int limit, Function<T, JsonObject> view, Function<T, String> cursorOf) {
    var items = new ArrayList<JsonValue>();
    long bytes = 0;
    String last = null;
    while (source.hasNext()) {
      if (last != null && (items.size() >= limit || bytes >= MAX_BYTES)) {
        return new Page(items, encode(last));
      }
      T item = source.next();
      JsonObject shown = view.apply(item);
      bytes += Json.length(shown);
      items.add(shown);
      last = cursorOf.apply(item);
    }
    return new Page(items, null);
  }

  /// What comes behind the cursor in a map that is ordered by creation.
  static <T> Collection<T> after(TreePMap<String, T> things, @Nullable String cursor) {
    return cursor == null ? things.values() : things.tailMap(cursor, false).values();
  }

  /// How many items the caller wants.
  static int limit(Fields arguments) {
    Integer limit = arguments.optionalInt("limit", 1, MAX_ITEMS);
    return limit == null ? DEFAULT_ITEMS : limit;
  }

  /// Where the caller wants to go on, or null for the beginning.
  static @Nullable String cursor(Fields arguments) {
    String cursor = arguments.optionalText("cursor", MAX_CURSOR);
    return cursor == null ? null : decode(cursor);
  }

  /// The page as members of a result.
  JsonObject.Builder toJson(String name) {
    return JsonObject.builder().put(name, new JsonArray(items)).put("next_cursor", nextCursor);
  }

  /// What to say at the end of a list that goes on.
  String more() {
    return nextCursor == null ? "" : "\nmore: call again with cursor=" + nextCursor;
  }

  static String encode(String position) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(("1:" + position).getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String cursor) {
    String text;
    try {
      text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      text = "";
    }
    if (!text.startsWith("1:")) {
      throw badCursor();
    }
    return text.substring(2);
  }

  /// What is said of a cursor that was never handed out.
  static FieldException badCursor() {
    return new FieldException("cursor", "must be a next_cursor that this tool returned");
  }
}
