package dev.planaria.engine.state;

import org.jspecify.annotations.Nullable;

/// Bytes of an operation or a checkpoint do not say what they should. They were damaged, or written
/// by another version.
public final class UndecodableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// @param message what is wrong, in a sentence
  public UndecodableException(String message) {
    super(message);
  }

  /// @param message what is wrong, in a sentence
  /// @param cause what the reader said
  public UndecodableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
