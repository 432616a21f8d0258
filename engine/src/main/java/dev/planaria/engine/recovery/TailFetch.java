package dev.planaria.engine.recovery;

import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.EntryCodec;
import dev.planaria.engine.journal.Journal;
import dev.planaria.engine.journal.JournalException;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.FrameSpans.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// Fetches the tails of many sessions in one walk over the frames that hold them. A frame is read
/// whole, whatever is wanted of it, and may hold an entry of each of a thousand sessions: one by
/// one they would read it a thousand times.
///
/// What cannot be fetched is left out. Whoever recovers the session reads it by its index then, and
/// finds what is wrong. Not thread-safe.
public final class TailFetch {

  private static final System.Logger LOG = System.getLogger(TailFetch.class.getName());

  /// What is fetched may take this part of the heap: what the sessions become takes about as much.
  private static final int HEAP_SHARE = 4;

  private static final byte[] NOTHING = {};

  private final Journal journal;
  private final TreeMap<Long, List<Wanted>> frames = new TreeMap<>();
  private long bytes;

  /// @param journal where the frames are
  public TailFetch(Journal journal) {
    this.journal = journal;
  }

  /// One span of a tail, and what was found of it.
  private static final class Wanted {
    private final SessionId session;
    private final Span span;
    private final AtomicReferenceArray<byte[]> fetched;
    private final int index;
    private byte[] entries = NOTHING;
    private int found;

    Wanted(SessionId session, Span span, AtomicReferenceArray<byte[]> fetched, int index) {
      this.session = session;
      this.span = span;
      this.fetched = fetched;
      this.index = index;
    }

    void take(byte[] frame, int offset, int length) {
      int at = entries.length;
      entries = Arrays.copyOf(entries, at + length);
      System.arraycopy(frame, offset, entries, at, length);
      found++;
    }

    void end() {
      if (found == span.count()) {
        fetched.set(index, entries);
      }
    }
  }

  /// Has a tail fetched too, unless its entries cannot simply be replayed. Nobody may be recovering
  /// the session meanwhile.
  public void add(SessionTail tail) {
    if (tail.isIntricate()) {
      return;
    }
    List<Span> spans = tail.index().spans().spans();
    // Whoever touches the session meanwhile takes what is there already.
    var fetched = new AtomicReferenceArray<byte[]>(spans.size());
    for (int i = 0; i < spans.size(); i++) {
      Span span = spans.get(i);
      frames
          .computeIfAbsent(span.frameId(), _ -> new ArrayList<>())
          .add(new Wanted(tail.id(), span, fetched, i));
    }
    tail.fetched(fetched);
    bytes += tail.index().bytes();
  }

  /// True when no more should be held in memory at once.
  public boolean isFull() {
    return bytes >= Runtime.getRuntime().maxMemory() / HEAP_SHARE;
  }

  /// Reads the frames, and hands each tail its entries.
  public void run() {
    try {
      while (!frames.isEmpty()) {
        Map.Entry<Long, List<Wanted>> next = frames.pollFirstEntry();
        read(next.getKey(), next.getValue());
      }
    } catch (JournalException.StoreFailed failed) {
      LOG.log(System.Logger.Level.WARNING, "sessions are read one by one", failed);
    }
  }

  private void read(long frameId, List<Wanted> wanted) {
    int from = wanted.stream().mapToInt(one -> one.span.from()).min().orElse(0);
    int to = wanted.stream().mapToInt(one -> one.span.to()).max().orElse(0);
    var bySession = new HashMap<SessionId, Wanted>();
    // A session that has two spans in one frame is rare: the second is read by itself.
    wanted.forEach(one -> bySession.putIfAbsent(one.session, one));
    byte[] frame = journal.slice(frameId, from, to);
    try {
      for (int offset = 0; offset < frame.length; ) {
        int length = EntryCodec.lengthAt(frame, offset);
        Wanted one = bySession.get(EntryCodec.sessionAt(frame, offset));
        int place = from + offset;
        if (one != null && place >= one.span.from() && place < one.span.to()) {
          one.take(frame, offset, length);
        }
        offset += length;
      }
    } catch (DamagedException e) {
      // What was found is intact or will be seen not to be; the rest is read, and reported, by
      // whoever needs it.
      LOG.log(System.Logger.Level.DEBUG, "frame " + frameId + " is damaged", e);
    }
    bySession.values().forEach(Wanted::end);
  }
}
