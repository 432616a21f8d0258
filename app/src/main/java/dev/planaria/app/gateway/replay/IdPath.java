package dev.planaria.app.gateway.replay;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.util.ArrayList;
import java.util.List;

/// Where values stand in a JSON value: a JSON pointer (RFC 6901) in which the token `[]` stands for
/// every element of an array: `/agents/[]/id`. The same may be written `/agents[]/id`. Immutable.
///
/// @param tokens unescaped
public record IdPath(List<String> tokens) {

  private static final int MOST_TOKENS = 32;

  /// Copies the list.
  public IdPath {
    tokens = List.copyOf(tokens);
  }

  /// Reads a pointer.
  ///
  /// @throws IllegalArgumentException when it is none; the message says why, as the end of a
  ///   sentence about it
  public static IdPath parse(String pointer) {
    if (!pointer.startsWith("/")) {
      throw new IllegalArgumentException("must be a JSON pointer, which begins with /");
    }
    var tokens = new ArrayList<String>();
    int from = 1;
    while (from <= pointer.length()) {
      int slash = pointer.indexOf('/', from);
      int to = slash < 0 ? pointer.length() : slash;
      token(pointer.substring(from, to), tokens);
      from = to + 1;
    }
    if (tokens.size() > MOST_TOKENS) {
      throw new IllegalArgumentException("must have at most " + MOST_TOKENS + " steps");
    }
    return new IdPath(tokens);
  }

  private static void token(String written, List<String> tokens) {
    if (written.matches(".*~(?![01]).*")) {
      throw new IllegalArgumentException("must write ~ as ~0 and / as ~1 in a name");
    }
    boolean each = written.endsWith(JsonText.ELEMENT) && !written.equals(JsonText.ELEMENT);
    String name = each ? written.substring(0, written.length() - 2) : written;
    tokens.add(name.replace("~1", "/").replace("~0", "~"));
    if (each) {
      tokens.add(JsonText.ELEMENT);
    }
  }

  /// True when it can lead to many values.
  public boolean leadsToMany() {
    return tokens.contains(JsonText.ELEMENT);
  }

  /// True when anything stands there.
  public boolean leadsSomewhere(JsonValue value) {
    var found = new ArrayList<JsonValue>();
    collect(value, 0, found);
    return !found.isEmpty();
  }

  /// The strings that stand there, in order; other values do not count.
  public List<String> in(JsonValue value) {
    var found = new ArrayList<JsonValue>();
    collect(value, 0, found);
    return found.stream()
        .filter(JsonString.class::isInstance)
        .map(text -> ((JsonString) text).value())
        .toList();
  }

  private void collect(JsonValue value, int step, List<JsonValue> into) {
    if (step == tokens.size()) {
      into.add(value);
      return;
    }
    String token = tokens.get(step);
    if (value instanceof JsonObject object) {
      JsonValue member = object.get(token);
      if (member != null) {
        collect(member, step + 1, into);
      }
    } else if (value instanceof JsonArray(var items)) {
      if (token.equals(JsonText.ELEMENT)) {
        items.forEach(item -> collect(item, step + 1, into));
      } else if (token.matches("0|[1-9]\\d{0,8}") && Integer.parseInt(token) < items.size()) {
        collect(items.get(Integer.parseInt(token)), step + 1, into);
      }
    }
  }

  /// The pointer.
  @Override
  public String toString() {
    var text = new StringBuilder();
    for (String token : tokens) {
      text.append('/').append(token.replace("~", "~0").replace("/", "~1"));
    }
    return text.toString();
  }
}
