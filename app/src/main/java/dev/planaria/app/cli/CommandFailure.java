package dev.planaria.app.cli;

/// A command that cannot do what it was asked. The message is one sentence for people that says
/// what is wrong and, where something can be done, what.
public final class CommandFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// How the process ends.
  private final ExitStatus status;

  /// @param status how the process ends
  /// @param message why, in a sentence
  public CommandFailure(ExitStatus status, String message) {
    super(message);
    this.status = status;
  }

  /// @param status how the process ends
  /// @param message why, in a sentence
  /// @param cause what lies behind it
  public CommandFailure(ExitStatus status, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  /// How the process ends.
  public ExitStatus status() {
    return status;
  }
}
