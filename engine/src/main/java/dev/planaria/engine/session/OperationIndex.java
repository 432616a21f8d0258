package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.OperationKey;
import dev.planaria.engine.checkpoint.RememberedOperation;
import dev.planaria.engine.state.SeqRange;
import dev.planaria.engine.state.SessionState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The operation ids that a session remembers, in the order of their seqs. Bounded by age and
/// number: what falls out is forgotten, and the index knows since when it can no longer say "never
/// seen".
///
/// Not thread-safe; guarded by its session.
final class OperationIndex {

  private final LinkedHashMap<OperationKey, RememberedOperation> operations = new LinkedHashMap<>();
  private final long keepMillis;
  private final int keepAtMost;
  private long forgottenBeforeMillis;

  OperationIndex(long keepMillis, int keepAtMost) {
    this.keepMillis = keepMillis;
    this.keepAtMost = keepAtMost;
  }

  /// Takes over what a recovery brought back.
  void restore(List<RememberedOperation> remembered, long forgottenBefore) {
    remembered.forEach(operation -> operations.put(operation.key(), operation));
    forgottenBeforeMillis = forgottenBefore;
  }

  @Nullable RememberedOperation find(OperationKey key) {
    return operations.get(key);
  }

  void add(RememberedOperation operation) {
    operations.put(operation.key(), operation);
  }

  /// Forgets what is too old, and the oldest when there are too many.
  void forgetOld(long nowMillis) {
    while (!operations.isEmpty()) {
      RememberedOperation oldest = operations.firstEntry().getValue();
      if (operations.size() <= keepAtMost && nowMillis - oldest.timeMillis() <= keepMillis) {
        return;
      }
      operations.pollFirstEntry();
      forgottenBeforeMillis = Math.max(forgottenBeforeMillis, oldest.timeMillis() + 1);
    }
  }

  /// After a restore, and when one is taken back: says anew which operations have no effect.
  void markIfChanged(SessionState before, SessionState after) {
    List<SeqRange> withoutEffect = after.history().withoutEffect();
    if (withoutEffect.equals(before.history().withoutEffect())) {
      return;
    }
    for (RememberedOperation marked :
        RememberedOperation.marked(List.copyOf(operations.values()), withoutEffect)) {
      operations.put(marked.key(), marked);
    }
  }

  /// Takes back everything behind a seq.
  void takeBackAfter(long seq) {
    while (!operations.isEmpty() && operations.lastEntry().getValue().position() > seq) {
      operations.pollLastEntry();
    }
  }

  /// Everything up to a seq, oldest first.
  List<RememberedOperation> upTo(long seq) {
    var found = new ArrayList<RememberedOperation>(operations.size());
    for (RememberedOperation operation : operations.values()) {
      if (operation.position() > seq) {
        break;
      }
      found.add(operation);
    }
    return found;
  }

  /// Operations before this Unix time may have been forgotten; 0 when none was.
  long forgottenBeforeMillis() {
    return forgottenBeforeMillis;
  }

  int size() {
    return operations.size();
  }
}
