package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.OperationKey;
import dev.planaria.engine.checkpoint.OperationList;
import dev.planaria.engine.checkpoint.RememberedOperation;
import dev.planaria.engine.state.SeqRange;
import dev.planaria.engine.state.SessionState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The operation ids that a session remembers, in the order of their seqs. Bounded by age and
/// number: what falls out is forgotten, and the index knows since when it can no longer say "never
/// seen".
///
/// One array holds the operations, one behind the other, and a hash table (open addressing, linear
/// probing) the index of each: about 55 bytes for one. What [#upTo] has handed out is never written
/// again: operations are added behind it, and an array that is full is copied.
///
/// Not thread-safe; guarded by its session.
final class OperationIndex {

  private static final int FIRST_CAPACITY = 8;

  private final long keepMillis;
  private final int keepAtMost;
  private long forgottenBeforeMillis;
  // Operation i is at [WORDS * i]; those from `first` to before `end` are remembered.
  private long[] words = new long[OperationList.WORDS * FIRST_CAPACITY];
  private int first;
  private int end;
  // Where a key is: its index plus one, or 0 for a free slot. Its length is a power of two.
  private int[] slots = new int[slotsFor(FIRST_CAPACITY)];

  OperationIndex(long keepMillis, int keepAtMost) {
    this.keepMillis = keepMillis;
    this.keepAtMost = keepAtMost;
  }

  /// Takes over what a recovery brought back.
  void restore(List<RememberedOperation> remembered, long forgottenBefore) {
    move(remembered.size() + FIRST_CAPACITY);
    remembered.forEach(this::add);
    forgottenBeforeMillis = forgottenBefore;
  }

  @Nullable RememberedOperation find(OperationKey key) {
    int found = slots[slotOf(key.high(), key.low())];
    return found == 0 ? null : OperationList.get(words, found - 1);
  }

  /// Adds one behind all others.
  void add(RememberedOperation operation) {
    if (OperationList.WORDS * end == words.length) {
      move(size() + (size() >> 1) + FIRST_CAPACITY);
    }
    OperationList.put(operation, words, end++);
    slots[slotOf(operation.key().high(), operation.key().low())] = end;
  }

  /// Forgets what is too old, and the oldest when there are too many.
  void forgetOld(long nowMillis) {
    while (first < end) {
      long timeMillis = words[OperationList.WORDS * first + OperationList.TIME];
      if (size() <= keepAtMost && nowMillis - timeMillis <= keepMillis) {
        return;
      }
      unlink(first++);
      forgottenBeforeMillis = Math.max(forgottenBeforeMillis, timeMillis + 1);
    }
  }

  /// After a restore, and when one is taken back: says anew which operations have no effect.
  void markIfChanged(SessionState before, SessionState after) {
    List<SeqRange> withoutEffect = after.history().withoutEffect();
    if (withoutEffect.equals(before.history().withoutEffect())) {
      return;
    }
    List<RememberedOperation> marked =
        RememberedOperation.marked(OperationList.in(words, first, end), withoutEffect);
    // What was handed out stays as it was.
    move(size() + FIRST_CAPACITY);
    for (int i = 0; i < end; i++) {
      OperationList.put(marked.get(i), words, i);
    }
  }

  /// Takes back everything behind a seq. Nothing of that was handed out by [#upTo].
  void takeBackAfter(long seq) {
    while (first < end && position(end - 1) > seq) {
      unlink(--end);
    }
  }

  /// Everything up to a seq, oldest first. It must be on disk: what can be taken back may not be
  /// handed out.
  List<RememberedOperation> upTo(long seq) {
    int last = end;
    while (first < last && position(last - 1) > seq) {
      last--;
    }
    return OperationList.in(words, first, last);
  }

  /// The same as of what is on disk: a restore that is still on its way has no effect there.
  ///
  /// @param durable the session at that seq
  /// @param decided the session with everything that is on its way
  List<RememberedOperation> upTo(long seq, SessionState durable, SessionState decided) {
    List<SeqRange> withoutEffect = durable.history().withoutEffect();
    return withoutEffect.equals(decided.history().withoutEffect())
        ? upTo(seq)
        : RememberedOperation.marked(upTo(seq), withoutEffect);
  }

  /// Operations before this Unix time may have been forgotten; 0 when none was.
  long forgottenBeforeMillis() {
    return forgottenBeforeMillis;
  }

  int size() {
    return end - first;
  }

  private long position(int index) {
    return Math.abs(words[OperationList.WORDS * index + OperationList.SEQ]);
  }

  /// Moves what is remembered to the start of an array with that many places.
  private void move(int capacity) {
    var moved = new long[OperationList.WORDS * capacity];
    System.arraycopy(
        words, OperationList.WORDS * first, moved, 0, OperationList.WORDS * (end - first));
    words = moved;
    end -= first;
    first = 0;
    slots = new int[slotsFor(capacity)];
    for (int i = 0; i < end; i++) {
      slots[slotOf(high(i), low(i))] = i + 1;
    }
  }

  /// Leaves at least a third of the slots free, so that searches stay short.
  private static int slotsFor(int capacity) {
    return Integer.highestOneBit(capacity + capacity / 2) << 1;
  }

  private long high(int index) {
    return words[OperationList.WORDS * index];
  }

  private long low(int index) {
    return words[OperationList.WORDS * index + 1];
  }

  /// The slot that holds a key, or the free one where it belongs. A key is part of a hash, so its
  /// bits need no mixing.
  private int slotOf(long high, long low) {
    int slot = (int) low & (slots.length - 1);
    while (slots[slot] != 0 && !isAt(slots[slot] - 1, high, low)) {
      slot = next(slot);
    }
    return slot;
  }

  private boolean isAt(int index, long high, long low) {
    return high(index) == high && low(index) == low;
  }

  private int next(int slot) {
    return (slot + 1) & (slots.length - 1);
  }

  /// Frees the slot of an operation, and moves those behind it up, so that no search ends early.
  private void unlink(int index) {
    int free = slotOf(high(index), low(index));
    if (slots[free] != index + 1) {
      // The same key was added again since: the newer one stays.
      return;
    }
    for (int slot = next(free); slots[slot] != 0; slot = next(slot)) {
      int home = (int) low(slots[slot] - 1) & (slots.length - 1);
      boolean reachable = free <= slot ? free < home && home <= slot : free < home || home <= slot;
      if (!reachable) {
        slots[free] = slots[slot];
        free = slot;
      }
    }
    slots[free] = 0;
  }
}
