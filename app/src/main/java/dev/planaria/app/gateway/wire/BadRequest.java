package dev.planaria.app.gateway.wire;

/// A request that is refused at the HTTP level, before any JSON-RPC message was understood. Nothing
/// was done.
public final class BadRequest extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// The HTTP status to answer with.
  private final int status;

  /// @param status the HTTP status to answer with, 400 to 499
  /// @param message which part breaks which rule, in a sentence
  public BadRequest(int status, String message) {
    super(message);
    this.status = status;
  }

  /// The HTTP status to answer with.
  public int status() {
    return status;
  }
}
