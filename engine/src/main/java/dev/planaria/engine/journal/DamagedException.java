package dev.planaria.engine.journal;

/// Bytes that are not what was written: a checksum, a chain or a structure does not hold.
public final class DamagedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// @param message what does not hold, in a sentence
  public DamagedException(String message) {
    super(message);
  }
}
