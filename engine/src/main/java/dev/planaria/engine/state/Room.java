package dev.planaria.engine.state;

import org.jspecify.annotations.Nullable;

/// Whether there is room for what a command adds: the limits on bytes that belong to a whole
/// session.
final class Room {

  private Room() {}

  /// Room for a new or changed agent.
  static Agent forAgent(SessionState state, @Nullable Agent before, Agent after, Limits limits) {
    check(state, Weight.of(after) - Weight.of(before), true, limits);
    return after;
  }

  /// Room for a new or changed task.
  static Task forTask(SessionState state, @Nullable Task before, Task after, Limits limits) {
    check(state, Weight.of(after) - Weight.of(before), !after.status().isFinal(), limits);
    return after;
  }

  /// Room for a new or changed connection.
  static Connection forConnection(
      SessionState state, @Nullable Connection before, Connection after, Limits limits) {
    check(state, Weight.of(after) - Weight.of(before), false, limits);
    return after;
  }

  private static void check(SessionState state, long more, boolean open, Limits limits) {
    if (more <= 0) {
      return;
    }
    if (open && state.indexes().openBytes() + more > limits.openBytes()) {
      throw Check.overLimit(
          "the session's live agents and unfinished tasks would take more than "
              + limits.openBytes()
              + " bytes",
          "openBytes");
    }
    if (state.indexes().totalBytes() + more > limits.boardBytes()) {
      throw Check.overLimit(
          "the session's agents, tasks and connections would take more than "
              + limits.boardBytes()
              + " bytes",
          "boardBytes");
    }
  }
}
