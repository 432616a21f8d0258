package dev.planaria.engine.recovery;

import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.DroppedException;
import dev.planaria.engine.journal.EntryCodec;
import dev.planaria.engine.journal.Journal;
import dev.planaria.engine.journal.JournalException;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.FrameSpans.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Fetches the tails of many sessions in one walk over the frames that hold them. A frame is read
/// whole, whatever is wanted of it, and may hold an entry of each of a thousand sessions: one by
/// one they would read it a thousand times.
///
/// What cannot be fetched is left out. Whoever recovers the session reads it by its index then, and
/// finds what is wrong. Not thread-safe.
public final class TailFetch {

  private static final System.Logger LOG = System.getLogger(TailFetch.class.getName());

  /// What is fetched may take this part of the heap: the group before is still being recovered, and
  /// what the sessions become takes as much again.
  private static final int HEAP_SHARE = 8;

  private static final int MOST_BYTES = Integer.MAX_VALUE - 8;

  private final Journal journal;
  // By the frame that each needs next.
  private final Map<Long, List<Wanted>> byFrame = new HashMap<>();
  private long firstFrame = Long.MAX_VALUE;
  private long lastFrame;
  private long bytes;

  /// @param journal where the frames are
  public TailFetch(Journal journal) {
    this.journal = journal;
  }

  /// One tail, and how far it has been fetched.
  private static final class Wanted {
    private final SessionTail tail;
    private final TailIndex.Walk walk;
    private final byte[] entries;
    private boolean isOpen = true;
    private int filled;

    Wanted(SessionTail tail, int bytes) {
      this.tail = tail;
      this.walk = tail.index().walk();
      this.entries = new byte[bytes];
    }

    Span span() {
      return walk.span();
    }

    boolean isComplete() {
      return !isOpen && filled == entries.length;
    }

    /// Takes the session's own entries out of its next span.
    ///
    /// @param start which byte of the frame is the first
    /// @throws DamagedException when they are not there
    void take(byte[] frame, int start) {
      Span span = span();
      SessionId id = tail.id();
      int left = span.count();
      for (int offset = span.from() - start; left > 0; ) {
        int length = EntryCodec.lengthAt(frame, offset);
        if (EntryCodec.belongsTo(id, frame, offset)) {
          if (length > entries.length - filled) {
            throw new DamagedException("frame " + span.frameId() + " holds more than it did");
          }
          System.arraycopy(frame, offset, entries, filled, length);
          filled += length;
          left--;
        }
        offset += length;
      }
      isOpen = walk.advance();
    }
  }

  /// Has a tail fetched too, unless its entries cannot simply be replayed. Nobody may be recovering
  /// the session meanwhile.
  public void add(SessionTail tail) {
    long size = tail.index().bytes();
    if (tail.isIntricate() || size == 0 || size > MOST_BYTES) {
      return;
    }
    waitForNext(new Wanted(tail, (int) size));
    firstFrame = Math.min(firstFrame, tail.index().firstFrame());
    lastFrame = Math.max(lastFrame, tail.index().lastFrame());
    bytes += size;
  }

  private void waitForNext(Wanted one) {
    byFrame.computeIfAbsent(one.span().frameId(), _ -> new ArrayList<>()).add(one);
  }

  /// True when no more should be held in memory at once.
  public boolean isFull() {
    return bytes >= Runtime.getRuntime().maxMemory() / HEAP_SHARE;
  }

  /// Reads the frames, and hands each tail its entries when it has all of them. Whoever touches a
  /// session before that reads them alone.
  public void run() {
    try {
      for (long frameId = firstFrame; frameId <= lastFrame; frameId++) {
        List<Wanted> here = byFrame.remove(frameId);
        if (here != null) {
          read(frameId, here);
        }
      }
    } catch (JournalException.StoreFailed failed) {
      LOG.log(System.Logger.Level.WARNING, "sessions are read one by one", failed);
    }
    byFrame.clear();
  }

  private void read(long frameId, List<Wanted> here) {
    int from = here.stream().mapToInt(one -> one.span().from()).min().orElse(0);
    int to = here.stream().mapToInt(one -> one.span().to()).max().orElse(0);
    try {
      byte[] frame = journal.slice(frameId, from, to);
      here.forEach(one -> take(one, frameId, frame, from));
    } catch (DamagedException | DroppedException e) {
      // Read, and reported, by whoever needs it.
      LOG.log(System.Logger.Level.DEBUG, "frame " + frameId + " is damaged", e);
    }
  }

  private void take(Wanted one, long frameId, byte[] frame, int from) {
    try {
      one.take(frame, from);
      if (one.isOpen) {
        // A second span in the same frame is rare: what misses its frame is left out.
        waitForNext(one);
      } else if (one.isComplete()) {
        one.tail.fetched(one.entries);
      }
    } catch (DamagedException e) {
      LOG.log(System.Logger.Level.DEBUG, "frame " + frameId + " is damaged", e);
    }
  }
}
