package dev.planaria.chaos.ledger;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.state.SessionId;

/// A mutating call that was sent.
///
/// @param operationId its operation id, which no other call has; of an anonymous one the name that
///   its caller has for it
/// @param caller who asked, from 0
/// @param session in which session
/// @param tool what was called
/// @param arguments as they were sent
/// @param mark by what it can be found again
/// @param anonymous whether it was sent without an operation id, so that the system gave it one
public record Ask(
    String operationId,
    int caller,
    SessionId session,
    String tool,
    JsonObject arguments,
    Mark mark,
    boolean anonymous) {

  /// One that was sent under its operation id.
  public Ask(
      String operationId,
      int caller,
      SessionId session,
      String tool,
      JsonObject arguments,
      Mark mark) {
    this(operationId, caller, session, tool, arguments, mark, false);
  }
}
