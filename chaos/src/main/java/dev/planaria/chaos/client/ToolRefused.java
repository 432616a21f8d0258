package dev.planaria.chaos.client;

/// The system answered that it did not, or cannot, do what was asked.
public final class ToolRefused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// @param tool what was called
  /// @param reason in the system's words
  public ToolRefused(String tool, String reason) {
    super(tool + ": " + reason);
  }
}
