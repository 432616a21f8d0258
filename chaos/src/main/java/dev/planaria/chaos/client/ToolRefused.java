package dev.planaria.chaos.client;

/// The system answered that it did not, or cannot, do what was asked.
public final class ToolRefused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// The code of that error.
  private static final String UNKNOWN = "\"OUTCOME_UNKNOWN\"";

  /// @param tool what was called
  /// @param reason in the system's words
  public ToolRefused(String tool, String reason) {
    super(tool + ": " + reason);
  }

  /// True when it does not know whether it was done: only the same operation id asked again tells.
  public boolean isOutcomeUnknown() {
    return String.valueOf(getMessage()).contains(UNKNOWN);
  }
}
