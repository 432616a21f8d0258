package dev.planaria.engine.storage;

import dev.planaria.engine.journal.DamagedException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
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

  /// Compact form: variable-length numbers, frame ids as differences.
  public byte[] encode() {
    var out = new ByteArrayOutputStream(spans.size() * 8 + 16);
    put(out, firstSeq);
    put(out, spans.size());
    long previous = 0;
    for (Span span : spans) {
      put(out, span.frameId() - previous);
      put(out, span.from());
      put(out, span.to() - span.from());
      put(out, span.count());
      previous = span.frameId();
    }
    return out.toByteArray();
  }

  /// Reads what [#encode] wrote.
  ///
  /// @throws DamagedException when it is cut short
  public static FrameSpans decode(byte[] bytes) {
    var in = new Input(bytes);
    long firstSeq = in.next();
    long size = in.next();
    var spans = new ArrayList<Span>();
    long frameId = 0;
    for (long i = 0; i < size; i++) {
      frameId += in.next();
      int from = (int) in.next();
      spans.add(new Span(frameId, from, from + (int) in.next(), (int) in.next()));
    }
    return new FrameSpans(firstSeq, spans);
  }

  private static void put(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private static final class Input {
    private final byte[] bytes;
    private int position;

    Input(byte[] bytes) {
      this.bytes = bytes;
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
