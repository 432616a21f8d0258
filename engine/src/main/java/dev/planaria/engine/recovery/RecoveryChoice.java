package dev.planaria.engine.recovery;

import org.jspecify.annotations.Nullable;

/// How a session is to be recovered.
public sealed interface RecoveryChoice {

  /// As [DecisionTable] says.
  record ByTable() implements RecoveryChoice {}

  /// As a person decided: from everything that can be read, searched anew, and what is lost is
  /// lost.
  record AcceptLoss() implements RecoveryChoice {}

  /// As a person decided: from that checkpoint, and everything that follows it and stands.
  ///
  /// @param id the checkpoint
  record FromCheckpoint(String id) implements RecoveryChoice {}

  /// The checkpoint to begin with, or null for the newest that is sound.
  default @Nullable String checkpointId() {
    return switch (this) {
      case ByTable _, AcceptLoss _ -> null;
      case FromCheckpoint(String id) -> id;
    };
  }
}
