package dev.planaria.engine.recovery;

import dev.planaria.engine.journal.EntryCodec;
import dev.planaria.engine.state.SessionId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Tails by their session, found by the bytes of an entry: a hash table with open addressing and
/// linear probing that keeps the ids in one array. A scan looks one up for each entry of a journal,
/// and among a hundred thousand sessions each object on the way is a cache miss.
///
/// Not thread-safe.
final class TailTable {

  /// What so many entries need fits into a small cache.
  static final int TOGETHER = 64;

  private static final int FIRST_CAPACITY = 64;

  // Two numbers for each slot; what a slot without a tail holds means nothing.
  private long[] ids = new long[2 * FIRST_CAPACITY];
  private @Nullable SessionTail[] tails = new SessionTail[FIRST_CAPACITY];
  private int size;
  private final @Nullable SessionTail[] near = new SessionTail[TOGETHER];

  // Written so that looking at a tail is not optimised away.
  @SuppressWarnings("UnusedVariable")
  private int touched;

  @Nullable SessionTail get(SessionId id) {
    UUID uuid = id.uuid();
    return tails[slotOf(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits())];
  }

  /// The tail of the session that the entry at `offset` belongs to.
  @Nullable SessionTail ofEntry(byte[] bytes, int offset) {
    return tails[
        slotOf(EntryCodec.sessionHigh(bytes, offset), EntryCodec.sessionLow(bytes, offset))];
  }

  /// Looks at the tails of some entries, one step for all of them before the next step. Each step
  /// is a cache miss, and those that do not depend on each other are waited for together: what
  /// follows takes half the time then.
  ///
  /// @param offsets where entries begin in `bytes`
  /// @param from the first of these offsets
  /// @param to behind the last, at most [#TOGETHER] further
  void touch(byte[] bytes, int[] offsets, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i++) {
      near[i - from] = ofEntry(bytes, offsets[i]);
    }
    for (int i = 0; i < to - from; i++) {
      SessionTail tail = near[i];
      sum += tail == null ? 0 : tail.touch();
    }
    for (int i = 0; i < to - from; i++) {
      SessionTail tail = near[i];
      sum += tail == null ? 0 : tail.index().touch();
    }
    touched += sum;
  }

  /// Adds a tail, or replaces the one of the same session.
  void put(SessionTail tail) {
    // At least a third of the slots stays free, so that searches stay short.
    if (3 * (size + 1) > 2 * tails.length) {
      grow();
    }
    UUID uuid = tail.id().uuid();
    int slot = slotOf(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    size += tails[slot] == null ? 1 : 0;
    ids[2 * slot] = uuid.getMostSignificantBits();
    ids[2 * slot + 1] = uuid.getLeastSignificantBits();
    tails[slot] = tail;
  }

  /// All of them.
  List<SessionTail> all() {
    var all = new ArrayList<SessionTail>(size);
    for (SessionTail tail : tails) {
      if (tail != null) {
        all.add(tail);
      }
    }
    return all;
  }

  private void grow() {
    List<SessionTail> all = all();
    ids = new long[2 * ids.length];
    tails = new SessionTail[2 * tails.length];
    size = 0;
    all.forEach(this::put);
  }

  /// The slot of a session, or the free one where it belongs.
  private int slotOf(long high, long low) {
    long mixed = (high * 31 + low) * 0x9E3779B97F4A7C15L;
    int slot = (int) (mixed >>> 32) & (tails.length - 1);
    while (tails[slot] != null && (ids[2 * slot] != high || ids[2 * slot + 1] != low)) {
      slot = (slot + 1) & (tails.length - 1);
    }
    return slot;
  }
}
