package dev.planaria.engine.recovery;

import dev.planaria.engine.checkpoint.CheckpointContent;
import dev.planaria.engine.checkpoint.OperationKey;
import dev.planaria.engine.checkpoint.RememberedOperation;
import dev.planaria.engine.checkpoint.SessionImage;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.OperationCodec;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.Transition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Applies a session's operations to what a checkpoint holds. Pure.
final class Replay {

  private Replay() {}

  /// The session after these operations, with the operation ids that it remembers.
  ///
  /// @param restored where to start, or empty for the beginning of the session
  /// @param entries what follows, in order and without gaps
  /// @throws RecoveryFailed when there is neither a start nor an operation that makes one
  /// @throws dev.planaria.engine.state.UndecodableException when an operation cannot be read
  static CheckpointContent run(Optional<CheckpointContent> restored, List<Entry> entries) {
    SessionState state = restored.map(content -> content.image().state()).orElse(null);
    long seq = restored.map(content -> content.image().seq()).orElse(0L);
    Hash hash = restored.map(content -> content.image().hash()).orElse(Hash.ZERO);
    var operations = new ArrayList<RememberedOperation>();
    restored.ifPresent(content -> operations.addAll(content.operations()));
    for (Entry entry : entries) {
      state = after(state, entry);
      operations.add(
          new RememberedOperation(
              OperationKey.of(entry.principal(), entry.operationId()),
              entry.commandDigest().prefix(),
              entry.seq(),
              entry.timeMillis()));
      seq = entry.seq();
      hash = entry.hash();
    }
    if (state == null) {
      throw new RecoveryFailed("there is neither a checkpoint nor an operation of it");
    }
    return new CheckpointContent(
        new SessionImage(state, seq, hash),
        operations,
        restored.map(CheckpointContent::forgottenBeforeMillis).orElse(0L));
  }

  private static SessionState after(@Nullable SessionState state, Entry entry) {
    Operation operation = OperationCodec.decode(entry.type(), entry.body());
    if (state != null) {
      return Transition.apply(state, operation, entry.timeMillis());
    }
    if (operation instanceof Operation.Beginning opened) {
      return Transition.open(opened, entry.timeMillis());
    }
    throw new RecoveryFailed("its first operation does not open it");
  }
}
