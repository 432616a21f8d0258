package dev.planaria.app.front;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// The bytes of a request or of an answer, in segments, each paid for from a [Budget]. Filled by
/// one thread, then read by one other.
final class Body {

  /// Large enough that a body of many MiB has few, small enough that the last one wastes little.
  private static final int SEGMENT_BYTES = 16 << 10;

  /// Why a body could not take more.
  enum Room {
    TAKEN,
    LIMIT_REACHED,
    NO_BUFFER
  }

  private final Budget budget;
  private final int limitBytes;
  private final List<byte[]> segments = new ArrayList<>(1);
  private int usedOfLast;
  private int length;
  private int paid;

  Body(Budget budget, int limitBytes) {
    this.budget = budget;
    this.limitBytes = limitBytes;
  }

  /// Copies what the buffer holds.
  Room append(ByteBuffer bytes) {
    if (bytes.remaining() > limitBytes - length) {
      return Room.LIMIT_REACHED;
    }
    while (bytes.hasRemaining()) {
      if (segments.isEmpty() || usedOfLast == segments.getLast().length) {
        // The first segment fits what has come, since most bodies come in one piece.
        var size = segments.isEmpty() ? bytes.remaining() : SEGMENT_BYTES;
        if (!budget.take(size)) {
          return Room.NO_BUFFER;
        }
        paid += size;
        segments.add(new byte[size]);
        usedOfLast = 0;
      }
      var last = segments.getLast();
      var count = Math.min(bytes.remaining(), last.length - usedOfLast);
      bytes.get(last, usedOfLast, count);
      usedOfLast += count;
      length += count;
    }
    return Room.TAKEN;
  }

  int length() {
    return length;
  }

  /// The bytes as read-only views, in order.
  List<ByteBuffer> parts() {
    var parts = new ArrayList<ByteBuffer>(segments.size());
    for (var segment : segments) {
      parts.add(ByteBuffer.wrap(segment));
    }
    if (!parts.isEmpty()) {
      parts.getLast().limit(usedOfLast);
    }
    return parts;
  }

  /// All bytes in one array; for small bodies that the front itself reads.
  byte[] toBytes() {
    var all = ByteBuffer.allocate(length);
    parts().forEach(all::put);
    return all.array();
  }

  /// Gives the memory back. The body must not be read any more.
  void release() {
    segments.clear();
    length = 0;
    budget.giveBack(paid);
    paid = 0;
  }
}
