package dev.planaria.app.api;

import dev.planaria.engine.json.FieldException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What follows the question mark of a request's target: `name=value` pairs, percent-encoded.
/// Immutable.
final class Query {
  private static final int PARAMETERS = 16;

  private final Map<String, String> values;

  private Query(Map<String, String> values) {
    this.values = values;
  }

  /// Reads a query.
  ///
  /// @param allowed the names that may occur
  /// @throws FieldException when it is no list of pairs, or names something twice or unknown
  static Query of(String text, Set<String> allowed) {
    var values = new LinkedHashMap<String, String>();
    if (text.isEmpty()) {
      return new Query(values);
    }
    String[] pairs = text.split("&", PARAMETERS + 1);
    if (pairs.length > PARAMETERS) {
      throw new FieldException("query", "must have at most " + PARAMETERS + " parameters");
    }
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      if (!allowed.contains(name)) {
        throw new FieldException("query", "may have " + allowed + " and nothing else");
      }
      String value = equals < 0 ? "" : pair.substring(equals + 1).replace("+", " ");
      if (values.put(name, SessionActions.decoded(value)) != null) {
        throw new FieldException(name, "must not be given twice");
      }
    }
    return new Query(values);
  }

  /// A text, or null when it is missing or empty.
  @Nullable String text(String name, int maxCharacters) {
    String value = values.get(name);
    if (value == null || value.isEmpty()) {
      return null;
    }
    if (value.length() > maxCharacters) {
      throw new FieldException(name, "must have at most " + maxCharacters + " characters");
    }
    return value;
  }

  /// One of some words, or the first when it is missing.
  String oneOf(String name, String... words) {
    String value = text(name, 64);
    if (value == null) {
      return words[0];
    }
    for (String word : words) {
      if (word.equals(value)) {
        return word;
      }
    }
    throw new FieldException(name, "must be one of " + String.join(", ", words));
  }

  /// A whole number, or what holds when it is missing.
  long number(String name, long otherwise, long min, long max) {
    String value = text(name, 20);
    if (value == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new FieldException(name, "must be a whole number from " + min + " to " + max);
  }
}
