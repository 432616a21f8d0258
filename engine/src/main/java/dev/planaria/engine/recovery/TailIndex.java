package dev.planaria.engine.recovery;

import dev.planaria.engine.storage.FrameSpans;
import dev.planaria.engine.storage.FrameSpans.Span;
import java.util.Arrays;
import java.util.List;

/// Where a session's newest entries lie: those that no checkpoint contains yet. Grows with every
/// commit and is cut at every checkpoint. About eight bytes per span, since a store may hold
/// millions of them: all but the last one are in the form of [FrameSpans#encode].
///
/// Not thread-safe; guarded by its session.
public final class TailIndex {

  private static final byte[] NOTHING = {};

  private byte[] encoded = NOTHING;
  private int encodedBytes;
  // The frame of the last span that is encoded; the next one is written as the difference to it.
  private long encodedFrame;
  private int size;
  private long firstFrame;
  private boolean firstHolds;
  // The last span, which may still grow.
  private long lastFrame;
  private int lastFrom;
  private int lastTo;
  private int lastCount;
  private long firstSeq;
  private long nextSeq;
  private long bytes;
  private long sinceMillis;
  private boolean sealed;

  /// An empty tail.
  ///
  /// @param nextSeq the seq that the first entry will have
  public TailIndex(long nextSeq) {
    this.firstSeq = nextSeq;
    this.nextSeq = nextSeq;
  }

  /// Adds the next entry.
  ///
  /// @param timeMillis when it was decided, Unix time
  public void add(long frameId, int offset, int length, long timeMillis) {
    if (nextSeq == firstSeq) {
      sinceMillis = timeMillis;
    }
    if (size > 0 && !sealed && lastFrame == frameId) {
      lastTo = offset + length;
      lastCount++;
    } else {
      begin(frameId, offset, offset + length, 1);
      sealed = false;
    }
    bytes += length;
    nextSeq++;
  }

  /// Leaves out seqs whose entries are lost: a span without bytes stands for them, so that every
  /// other seq keeps its place.
  public void addLost(long frameId, long count) {
    long left = count;
    while (left > 0) {
      int part = (int) Math.min(left, Integer.MAX_VALUE);
      begin(frameId, 0, 0, part);
      left -= part;
    }
    sealed = true;
    nextSeq += count;
  }

  private void begin(long frameId, int from, int to, int count) {
    if (size == 0) {
      firstFrame = frameId;
      firstHolds = to > from;
    } else {
      if (encodedBytes + FrameSpans.MOST_SPAN_BYTES > encoded.length) {
        encoded =
            Arrays.copyOf(encoded, encodedBytes + FrameSpans.MOST_SPAN_BYTES + (encodedBytes >> 1));
      }
      encodedBytes = FrameSpans.put(last(), encodedFrame, encoded, encodedBytes);
      encodedFrame = lastFrame;
    }
    lastFrame = frameId;
    lastFrom = from;
    lastTo = to;
    lastCount = count;
    size++;
  }

  private Span last() {
    return new Span(lastFrame, lastFrom, lastTo, lastCount);
  }

  /// All spans as they are now. Entries that are added later begin spans of their own, so that the
  /// tail can be cut here.
  public FrameSpans seal() {
    sealed = true;
    return spans();
  }

  /// All spans as they are now.
  public FrameSpans spans() {
    if (size == 0) {
      return new FrameSpans(firstSeq, List.of());
    }
    List<Span> spans = FrameSpans.spansIn(encoded, size - 1);
    spans.add(last());
    return new FrameSpans(firstSeq, spans);
  }

  /// Goes through the spans as they are now.
  Walk walk() {
    return new Walk();
  }

  /// A place among the spans; it stands on the first one to begin with.
  final class Walk {
    private final FrameSpans.Cursor cursor = new FrameSpans.Cursor(encoded);
    private final Span end = last();
    private int left = size;
    private Span span = end;

    private Walk() {
      advance();
    }

    /// The span that it stands on; of an empty tail, none that means anything.
    Span span() {
      return span;
    }

    /// False when there is no next span to go to.
    boolean advance() {
      if (left == 0) {
        return false;
      }
      span = --left == 0 ? end : cursor.next();
      return true;
    }
  }

  /// Forgets the spans that a checkpoint contains, as [#seal] had returned them.
  public void cut(FrameSpans contained, long nowMillis) {
    List<Span> spans = spans().spans();
    List<Span> left = spans.subList(contained.spans().size(), spans.size());
    for (Span span : contained.spans()) {
      firstSeq += span.count();
    }
    encoded = NOTHING;
    encodedBytes = 0;
    encodedFrame = 0;
    size = 0;
    bytes = 0;
    for (Span span : left) {
      begin(span.frameId(), span.from(), span.to(), span.count());
      bytes += span.to() - span.from();
    }
    sinceMillis = nowMillis;
  }

  /// Seq of the first entry, or of the next one when the tail is empty.
  public long firstSeq() {
    return firstSeq;
  }

  /// Seq that the next entry will have.
  public long nextSeq() {
    return nextSeq;
  }

  /// How many entries the tail has.
  public long entries() {
    return nextSeq - firstSeq;
  }

  /// Their size in the journal, about.
  public long bytes() {
    return bytes;
  }

  /// When the first of them was decided, about; Unix time.
  public long sinceMillis() {
    return sinceMillis;
  }

  /// Reads what [#add] is about to need; what it returns means nothing.
  int touch() {
    return (int) sinceMillis + (encodedBytes < encoded.length ? encoded[encodedBytes] : 0);
  }

  /// True when the first entry of the tail is there, and not merely known to be lost.
  boolean firstSpanHolds() {
    return size > 0 && firstHolds;
  }

  /// The last frame that holds an entry of the tail, or 0 when the tail is empty.
  long lastFrame() {
    return size == 0 ? 0 : lastFrame;
  }

  /// The first frame that holds an entry of the tail, or `Long.MAX_VALUE` when the tail is empty.
  public long firstFrame() {
    return size == 0 ? Long.MAX_VALUE : firstFrame;
  }
}
