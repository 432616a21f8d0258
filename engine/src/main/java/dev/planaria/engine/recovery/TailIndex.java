package dev.planaria.engine.recovery;

import dev.planaria.engine.storage.FrameSpans;
import dev.planaria.engine.storage.FrameSpans.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Where a session's newest entries lie: those that no checkpoint contains yet. Grows with every
/// commit and is cut at every checkpoint. Twenty bytes per span, since a store may hold a million
/// of them.
///
/// Not thread-safe; guarded by its session.
public final class TailIndex {

  private long[] frames = new long[4];
  private int[] froms = new int[4];
  private int[] tos = new int[4];
  private int[] counts = new int[4];
  private int size;
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
    if (size > 0 && !sealed && frames[size - 1] == frameId) {
      tos[size - 1] = offset + length;
      counts[size - 1]++;
    } else {
      grow();
      frames[size] = frameId;
      froms[size] = offset;
      tos[size] = offset + length;
      counts[size] = 1;
      size++;
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
      grow();
      frames[size] = frameId;
      froms[size] = 0;
      tos[size] = 0;
      counts[size] = part;
      size++;
      left -= part;
    }
    sealed = true;
    nextSeq += count;
  }

  private void grow() {
    if (size == frames.length) {
      int capacity = size * 2;
      frames = Arrays.copyOf(frames, capacity);
      froms = Arrays.copyOf(froms, capacity);
      tos = Arrays.copyOf(tos, capacity);
      counts = Arrays.copyOf(counts, capacity);
    }
  }

  /// All spans as they are now. Entries that are added later begin spans of their own, so that the
  /// tail can be cut here.
  public FrameSpans seal() {
    sealed = true;
    return spans();
  }

  /// All spans as they are now.
  public FrameSpans spans() {
    List<Span> spans = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      spans.add(new Span(frames[i], froms[i], tos[i], counts[i]));
    }
    return new FrameSpans(firstSeq, spans);
  }

  /// Forgets the spans that a checkpoint contains, as [#seal] had returned them.
  public void cut(FrameSpans contained, long nowMillis) {
    int cut = contained.spans().size();
    for (Span span : contained.spans()) {
      firstSeq += span.count();
    }
    frames = Arrays.copyOfRange(frames, cut, Math.max(cut + 4, size));
    froms = Arrays.copyOfRange(froms, cut, Math.max(cut + 4, size));
    tos = Arrays.copyOfRange(tos, cut, Math.max(cut + 4, size));
    counts = Arrays.copyOfRange(counts, cut, Math.max(cut + 4, size));
    size -= cut;
    bytes = 0;
    for (int i = 0; i < size; i++) {
      bytes += tos[i] - froms[i];
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

  /// True when the first entry of the tail is there, and not merely known to be lost.
  boolean firstSpanHolds() {
    return size > 0 && tos[0] > froms[0];
  }

  /// The last frame that holds an entry of the tail, or 0 when the tail is empty.
  long lastFrame() {
    return size == 0 ? 0 : frames[size - 1];
  }

  /// The first frame that holds an entry of the tail, or `Long.MAX_VALUE` when the tail is empty.
  public long firstFrame() {
    return size == 0 ? Long.MAX_VALUE : frames[0];
  }
}
