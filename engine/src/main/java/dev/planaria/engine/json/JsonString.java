package dev.planaria.engine.json;

/// A JSON string.
///
/// @param value the text, unescaped
public record JsonString(String value) implements JsonValue {}
