package dev.planaria.engine.metrics;

import dev.planaria.engine.metrics.Minute.Counts;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A minute as it lies in the book: 64 bytes, so that none crosses a sector of the disk, with a
/// CRC-32C over all that is before it.
///
/// @param minute what is known
/// @param endedInOrder true when a process ended in order in this minute, and nothing was served
///   since
record MinuteSlot(Minute minute, boolean endedInOrder) {

  static final int BYTES = 64;

  private static final int MAGIC = 0x504d494e; // "PMIN"
  private static final int SUMMED = 60;
  private static final int IN_ORDER = 1;

  byte[] encode() {
    Counts counts = minute.counts();
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    bytes
        .putInt(MAGIC)
        .putInt(endedInOrder ? IN_ORDER : 0)
        .putLong(minute.number())
        .putLong(minute.observed())
        .putLong(minute.served())
        .putLong(counts.operations())
        .putInt(clamped(counts.checksumFailures()))
        .putInt(clamped(counts.truePositives()))
        .putInt(clamped(counts.falsePositives()))
        .putInt(clamped(counts.missed()))
        .putInt(0)
        .putInt(sum(bytes.array()));
    return bytes.array();
  }

  private static int clamped(long count) {
    return Math.clamp(count, 0, Integer.MAX_VALUE);
  }

  private static int sum(byte[] bytes) {
    var crc = new CRC32C();
    crc.update(bytes, 0, SUMMED);
    return (int) crc.getValue();
  }

  /// True for a slot that nobody has ever written.
  ///
  /// @param at where the slot begins in the ring
  static boolean isEmpty(ByteBuffer ring, int at) {
    long any = 0;
    for (int i = at; i < at + BYTES; i += Long.BYTES) {
      any |= ring.getLong(i);
    }
    return any == 0;
  }

  /// Reads a slot, or null when it is torn or damaged.
  static @Nullable MinuteSlot decode(byte[] bytes) {
    ByteBuffer slot = ByteBuffer.wrap(bytes);
    if (slot.getInt(0) != MAGIC || slot.getInt(SUMMED) != sum(bytes)) {
      return null;
    }
    int flags = slot.getInt(4);
    slot.position(8);
    try {
      var minute =
          new Minute(
              slot.getLong(),
              slot.getLong(),
              slot.getLong(),
              new Counts(
                  slot.getLong(), slot.getInt(), slot.getInt(), slot.getInt(), slot.getInt()));
      return new MinuteSlot(minute, (flags & IN_ORDER) != 0);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
