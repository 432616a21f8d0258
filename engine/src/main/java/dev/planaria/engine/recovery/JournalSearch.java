package dev.planaria.engine.recovery;

import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.DroppedException;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.journal.EntryCodec;
import dev.planaria.engine.journal.Frame;
import dev.planaria.engine.journal.FrameWalk;
import dev.planaria.engine.journal.FrameWalk.Found;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.FrameCursor;
import dev.planaria.engine.storage.FrameSpans;
import dev.planaria.engine.storage.Store;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Finds every intact entry of damaged sessions, wherever in the journal it lies. The journal is
/// gone through once for all sessions that are known to be damaged, not once for each, and only as
/// far back as they need: what it keeps are places, 60 bytes for an entry.
///
/// Thread-safe. Who comes while it reads waits for it; sound sessions never come.
final class JournalSearch {

  /// Read at a time: long enough to be fast, short enough (a millisecond) not to keep other readers
  /// of the store waiting.
  private static final long STEP_BYTES = 256 << 10;

  private final Store store;
  // Guarded by this: what was found of each session, in the frames behind `walkedFrom`, up to and
  // including `walkedUpTo`.
  private final Map<SessionId, TreeMap<Long, Place>> places = new HashMap<>();
  private long walkedFrom;
  private long walkedUpTo;
  private boolean walked;

  /// Where an intact entry lies.
  ///
  /// @param frameId the frame
  /// @param offset of its first byte
  /// @param length in bytes
  record Place(long frameId, int offset, int length) {}

  /// @param store whose journal it is
  /// @param damaged the sessions that are known to be damaged; others can be asked for, and cost a
  ///   walk each
  JournalSearch(Store store, Collection<SessionId> damaged) {
    this.store = store;
    damaged.forEach(id -> places.put(id, new TreeMap<>()));
  }

  /// Where a session's entries lie, by seq, from one seq on. What was dropped from the archive for
  /// its age is not looked for.
  ///
  /// @param containedSeq the last seq that any checkpoint of the session contains
  synchronized NavigableMap<Long, Place> find(SessionTail tail, long fromSeq, long containedSeq) {
    long start = firstFrameFor(tail, fromSeq, containedSeq);
    boolean asked = !places.containsKey(tail.id());
    if (!walked) {
      walked = true;
      walkedFrom = start;
      walkedUpTo = start;
    }
    if (asked) {
      places.put(tail.id(), new TreeMap<>());
      walk(walkedFrom, walkedUpTo, Set.of(tail.id()));
    }
    if (start < walkedFrom) {
      walk(start, walkedFrom, places.keySet());
      walkedFrom = start;
    }
    walkedUpTo = walk(walkedUpTo, Long.MAX_VALUE, places.keySet());
    return new TreeMap<>(places.getOrDefault(tail.id(), new TreeMap<>()).tailMap(fromSeq, true));
  }

  /// The entry at a place, unless it is damaged by now.
  Optional<Entry> read(Place place) {
    try {
      byte[] bytes = store.slice(place.frameId(), place.offset(), place.offset() + place.length());
      return Optional.of(EntryCodec.decode(bytes, 0));
    } catch (DamagedException | DroppedException gone) {
      return Optional.empty();
    }
  }

  /// Forgets what it found of a session that is sound again.
  synchronized void forget(SessionId id) {
    places.remove(id);
  }

  /// The frame behind which the entry of that seq must lie, if it is anywhere.
  private long firstFrameFor(SessionTail tail, long fromSeq, long containedSeq) {
    long history = store.archive().historyStart().id();
    if ((containedSeq > 0 && fromSeq > containedSeq) || tail.isWhollyInTail()) {
      return Math.max(history, store.marks().lowWater().id());
    }
    try {
      Optional<FrameSpans> index = store.spansHolding(tail.id(), fromSeq);
      if (index.isPresent() && index.get().firstSeq() <= fromSeq) {
        FrameSpans spans = index.get().within(fromSeq, fromSeq);
        return spans.spans().isEmpty() ? history : spans.spans().getFirst().frameId() - 1;
      }
      return history;
    } catch (DamagedException damaged) {
      return history;
    }
  }

  /// Returns the last frame that was passed.
  private long walk(long afterFrame, long throughFrame, Set<SessionId> wanted) {
    var cursor = new FrameCursor(store, afterFrame);
    boolean more = afterFrame < throughFrame;
    while (more) {
      more =
          cursor.advance(
                  STEP_BYTES,
                  (frameId, bytes) -> {
                    if (frameId <= throughFrame) {
                      collect(frameId, bytes, wanted);
                    }
                  })
              && cursor.position() < throughFrame;
    }
    return cursor.position();
  }

  private void collect(long frameId, byte[] bytes, Set<SessionId> wanted) {
    try {
      int left = Frame.read(bytes).entries();
      // Its CRC holds, so that what its entries say of themselves is true.
      for (int offset = Frame.HEADER_BYTES; left > 0; left--) {
        int length = EntryCodec.lengthAt(bytes, offset);
        FrameWalk.Claim claim = FrameWalk.claimAt(bytes, offset);
        if (wanted.contains(claim.sessionId())) {
          collect(EntryCodec.decode(bytes, offset), new Place(frameId, offset, length));
        }
        offset += length;
      }
    } catch (DamagedException damaged) {
      for (Found found : FrameWalk.read(bytes).found()) {
        if (wanted.contains(found.entry().sessionId())) {
          collect(found.entry(), new Place(frameId, found.offset(), found.length()));
        }
      }
    }
  }

  /// Of two entries with one seq the first counts, as at the opening.
  private void collect(Entry entry, Place place) {
    TreeMap<Long, Place> own = places.get(entry.sessionId());
    if (own != null) {
      own.merge(entry.seq(), place, (one, other) -> one.frameId() <= other.frameId() ? one : other);
    }
  }
}
