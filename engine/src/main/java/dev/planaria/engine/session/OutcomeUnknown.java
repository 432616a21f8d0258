package dev.planaria.engine.session;

/// A commit failed and whether it took effect is not known yet. Neither "done" nor "failed": ask
/// [SessionEngine#operation] with the same id, or repeat the command with the same id.
public final class OutcomeUnknown extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String operationId;

  /// @param operationId the id to ask by
  /// @param cause what the store said
  public OutcomeUnknown(String operationId, Throwable cause) {
    super(
        "the outcome of operation "
            + operationId
            + " is not known yet: the store failed while committing it; ask for its status by this"
            + " id",
        cause);
    this.operationId = operationId;
  }

  /// The id to ask by.
  public String operationId() {
    return operationId;
  }
}
