package dev.planaria.engine.json;

/// A JSON number, kept as the text it was written in, so that `2.50`, `-0` and integers beyond 64
/// bits come back as they went in.
///
/// @param text the number as RFC 8259 section 6 writes it
public record JsonNumber(String text) implements JsonValue {

  /// A whole number.
  public static JsonNumber of(long value) {
    return new JsonNumber(Long.toString(value));
  }
}
