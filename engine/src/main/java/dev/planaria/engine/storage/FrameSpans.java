package dev.planaria.engine.storage;

import dev.planaria.engine.journal.DamagedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Where a run of a session's entries lies: one span per frame that holds some of them, in order.
///
/// @param firstSeq seq of the first entry in the first span
/// @param spans the spans
public record FrameSpans(long firstSeq, List<Span> spans) {

  /// A stretch of one frame. It starts and ends with an entry of the session; entries of others may
  /// lie between.
  ///
  /// @param frameId the frame
  /// @param from offset of the first entry
  /// @param to offset behind the last entry
  /// @param count how many entries of the session it holds
  public record Span(long frameId, int from, int to, int count) {}

  /// Copies the list.
  public FrameSpans {
    spans = List.copyOf(spans);
  }

  /// The spans that hold any of these entries, both ends included.
  public FrameSpans within(long fromSeq, long toSeq) {
    long seq = firstSeq;
    long first = firstSeq;
    var found = new ArrayList<Span>();
    for (Span span : spans) {
      long behind = seq + span.count();
      if (behind > fromSeq && seq <= toSeq) {
        if (found.isEmpty()) {
          first = seq;
        }
        found.add(span);
      }
      seq = behind;
    }
    return new FrameSpans(first, found);
  }

  /// What [#put] writes at most for one span.
  public static final int MOST_SPAN_BYTES = 4 * 10;

  /// Compact form: variable-length numbers, frame ids as differences.
  public byte[] encode() {
    byte[] out = new byte[(spans.size() * 4 + 2) * 10];
    int at = put(firstSeq, out, 0);
    at = put(spans.size(), out, at);
    long previous = 0;
    for (Span span : spans) {
      at = put(span, previous, out, at);
      previous = span.frameId();
    }
    return Arrays.copyOf(out, at);
  }

  /// Reads what [#encode] wrote.
  ///
  /// @throws DamagedException when it is cut short
  public static FrameSpans decode(byte[] bytes) {
    var in = new Input(bytes);
    long firstSeq = in.next();
    long size = in.next();
    return new FrameSpans(firstSeq, in.spans(size));
  }

  /// Writes one span, as [#encode] does.
  ///
  /// @param previousFrame the frame of the span before it; 0 for the first
  /// @param out has room for [#MOST_SPAN_BYTES]
  /// @return where the next one goes
  public static int put(Span span, long previousFrame, byte[] out, int at) {
    int next = put(span.frameId() - previousFrame, out, at);
    next = put(span.from(), out, next);
    next = put(span.to() - span.from(), out, next);
    return put(span.count(), out, next);
  }

  /// The spans that [#put] wrote into an array, the first one at its start. The list may be
  /// changed.
  ///
  /// @throws DamagedException when it is cut short
  public static List<Span> spansIn(byte[] bytes, int count) {
    return new Input(bytes).spans(count);
  }

  private static int put(long value, byte[] out, int at) {
    long rest = value;
    int next = at;
    while ((rest & ~0x7fL) != 0) {
      out[next++] = (byte) ((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out[next++] = (byte) rest;
    return next;
  }

  /// Goes through spans in the form of [#put], one after the other. Not thread-safe.
  public static final class Cursor {
    private final Input in;
    private long frameId;

    /// @param bytes the first span lies at its start; not copied
    public Cursor(byte[] bytes) {
      this.in = new Input(bytes);
    }

    private Cursor(Input in) {
      this.in = in;
    }

    /// The next one.
    ///
    /// @throws DamagedException when it is cut short
    public Span next() {
      frameId += in.next();
      int from = (int) in.next();
      return new Span(frameId, from, from + (int) in.next(), (int) in.next());
    }
  }

  private static final class Input {
    private final byte[] bytes;
    private int position;

    Input(byte[] bytes) {
      this.bytes = bytes;
    }

    List<Span> spans(long count) {
      // A damaged count must not reserve memory: each span takes four bytes at least.
      var spans = new ArrayList<Span>(Math.clamp(count + 1, 0, bytes.length));
      var cursor = new Cursor(this);
      for (long i = 0; i < count; i++) {
        spans.add(cursor.next());
      }
      return spans;
    }

    long next() {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        if (position == bytes.length) {
          throw new DamagedException("an index of frames is cut short");
        }
        byte b = bytes[position++];
        value |= (long) (b & 0x7f) << shift;
        if (b >= 0) {
          return value;
        }
      }
      throw new DamagedException("an index of frames holds a number that is too long");
    }
  }
}
