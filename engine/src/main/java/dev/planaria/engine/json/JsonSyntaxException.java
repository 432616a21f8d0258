package dev.planaria.engine.json;

import org.jspecify.annotations.Nullable;

/// A text is not the JSON that was expected, or asks for more than [JsonLimits] allow.
///
/// The message is one sentence that says where and why; it repeats at most a few characters of the
/// text, so that it may be logged.
public final class JsonSyntaxException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// @param message where and why, in a sentence
  public JsonSyntaxException(String message) {
    super(message);
  }

  /// @param message where and why, in a sentence
  /// @param cause what the tokenizer said
  public JsonSyntaxException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
