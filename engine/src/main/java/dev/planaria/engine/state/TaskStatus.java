package dev.planaria.engine.state;

/// Where a task stands. `COMPLETED`, `FAILED` and `CANCELLED` are final.
///
/// Transitions: `PENDING` to `ASSIGNED` (given to an agent at creation) or `RUNNING` (claimed);
/// `ASSIGNED` to `RUNNING` (claimed by its assignee) or `PENDING` (the assignee retired); `RUNNING`
/// to `COMPLETED`, to `FAILED`, or back to `PENDING` (failed or lease expired, with attempts left);
/// any of the three to `CANCELLED`.
public enum TaskStatus {
  PENDING,
  ASSIGNED,
  RUNNING,
  COMPLETED,
  FAILED,
  CANCELLED;

  /// True when the status never changes again.
  public boolean isFinal() {
    return this == COMPLETED || this == FAILED || this == CANCELLED;
  }
}
