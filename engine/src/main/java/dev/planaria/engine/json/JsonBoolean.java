package dev.planaria.engine.json;

/// A JSON truth value.
///
/// @param value true or false
public record JsonBoolean(boolean value) implements JsonValue {

  private static final JsonBoolean TRUE = new JsonBoolean(true);
  private static final JsonBoolean FALSE = new JsonBoolean(false);

  /// The shared instance for a truth value.
  public static JsonBoolean of(boolean value) {
    return value ? TRUE : FALSE;
  }
}
