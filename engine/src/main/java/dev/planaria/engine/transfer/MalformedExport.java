package dev.planaria.engine.transfer;

/// A file that is no whole and sound export, or one that this version cannot read. Nothing of it
/// was taken over.
public final class MalformedExport extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// @param message what is wrong, in a sentence
  public MalformedExport(String message) {
    super(message);
  }

  /// @param message what is wrong, in a sentence
  /// @param cause what lies behind it
  public MalformedExport(String message, Throwable cause) {
    super(message, cause);
  }
}
