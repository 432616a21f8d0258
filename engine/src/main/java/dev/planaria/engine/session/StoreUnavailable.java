package dev.planaria.engine.session;

/// The store cannot take writes now (disk full, I/O error). The command was not applied and can be
/// repeated.
public final class StoreUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// @param message what is wrong and what to do, in a sentence
  /// @param cause what the store said
  public StoreUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
