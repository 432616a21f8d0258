package dev.planaria.engine.checkpoint;

import dev.planaria.engine.state.SeqRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// What is kept of an operation so that its repeat is recognised. Its result is in the journal, at
/// its seq.
///
/// @param key principal and operation id
/// @param commandDigest first 64 bits of the SHA-256 of the command
/// @param seq the operation; negative when a recovery or restore took it back
/// @param timeMillis when it was decided, Unix time
public record RememberedOperation(OperationKey key, long commandDigest, long seq, long timeMillis) {

  /// Its place in the order of operations, taken back or not.
  public long position() {
    return Math.abs(seq);
  }

  /// The same, taken back.
  public RememberedOperation rolledBack() {
    return isRolledBack() ? this : new RememberedOperation(key, commandDigest, -seq, timeMillis);
  }

  /// The same operations, those without an effect taken back and all others not.
  ///
  /// @param operations by seq
  /// @param withoutEffect in order and without overlap
  public static List<RememberedOperation> marked(
      Collection<RememberedOperation> operations, List<SeqRange> withoutEffect) {
    var marked = new ArrayList<RememberedOperation>(operations.size());
    int next = 0;
    for (RememberedOperation operation : operations) {
      long seq = operation.position();
      while (next < withoutEffect.size() && withoutEffect.get(next).last() < seq) {
        next++;
      }
      boolean none = next < withoutEffect.size() && withoutEffect.get(next).holds(seq);
      marked.add(none ? operation.rolledBack() : operation.inEffect());
    }
    return marked;
  }

  private RememberedOperation inEffect() {
    return isRolledBack() ? new RememberedOperation(key, commandDigest, -seq, timeMillis) : this;
  }

  /// True when a recovery or restore took it back.
  public boolean isRolledBack() {
    return seq < 0;
  }
}
