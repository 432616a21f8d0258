package dev.planaria.engine.checkpoint;

import dev.planaria.engine.state.SessionId;
import java.util.List;
import java.util.Optional;

/// Where checkpoints lie. Thread-safe. Its methods throw
/// [dev.planaria.engine.journal.JournalException.StoreFailed] when it cannot be read.
public interface CheckpointShelf {

  /// A session's checkpoints, newest first.
  List<CheckpointInfo> checkpoints(SessionId sessionId);

  /// A checkpoint with its bytes; empty when there is none of that id.
  ///
  /// @throws dev.planaria.engine.journal.DamagedException when its row cannot be read
  Optional<StoredCheckpoint> checkpoint(String checkpointId);
}
