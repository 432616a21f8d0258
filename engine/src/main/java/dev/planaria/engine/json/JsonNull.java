package dev.planaria.engine.json;

/// The JSON value `null`.
public record JsonNull() implements JsonValue {

  /// The one instance anybody needs.
  public static final JsonNull NULL = new JsonNull();
}
