package dev.planaria.engine.checkpoint;

import dev.planaria.engine.journal.Hash;

/// What the bytes of a checkpoint hold.
public sealed interface CheckpointBody {

  /// A whole session.
  ///
  /// @param content the session
  record Full(CheckpointContent content) implements CheckpointBody {}

  /// What has changed since another checkpoint.
  ///
  /// @param parent the other one
  /// @param delta what has changed
  record Incremental(Parent parent, CheckpointDelta delta) implements CheckpointBody {}

  /// What an incremental checkpoint is a delta to.
  ///
  /// @param id the parent
  /// @param sha256 of the parent's body: another body under the same id is not the parent
  /// @param position how many checkpoints the child stands on: 1 when the parent is a full one
  record Parent(String id, Hash sha256, int position) {}

  /// The last operation that is contained.
  default long seq() {
    return switch (this) {
      case Full full -> full.content().image().seq();
      case Incremental incremental -> incremental.delta().seq();
    };
  }

  /// The session's chain hash there.
  default Hash hash() {
    return switch (this) {
      case Full full -> full.content().image().hash();
      case Incremental incremental -> incremental.delta().hash();
    };
  }
}
