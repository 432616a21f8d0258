package dev.planaria.engine.session;

/// Names what a session was at some time: for going back to it, and for branching off from it.
public sealed interface PastPoint {

  /// As it was after one of its operations.
  ///
  /// @param seq the operation, from 1
  record AtSeq(long seq) implements PastPoint {}

  /// As one of its checkpoints holds it.
  ///
  /// @param id the checkpoint
  record AtCheckpoint(String id) implements PastPoint {}
}
