package dev.planaria.engine.journal;

import java.nio.ByteBuffer;
import java.util.Optional;

/// What was on disk at some moment, told from outside the database.
///
/// A slot of the witness is 64 bytes, so that it never straddles a sector of 512. Layout,
/// big-endian: frame id (8), frame hash (32), epoch (8), writes (8), a CRC-32C over all before it
/// (4), zeros (4). 64 slots make the ring, one page; each next one overwrites the oldest.
///
/// @param frame the last frame that was on disk
/// @param epoch the store's fencing token then
/// @param writes how many writes beside the journal (checkpoints, marks, records) were on disk
public record Witnessed(FrameHead frame, long epoch, long writes) {

  /// Bytes of a slot.
  public static final int SLOT_BYTES = 64;

  /// Slots of the ring.
  public static final int SLOTS = 64;

  /// Bytes of the ring.
  public static final int RING_BYTES = SLOTS * SLOT_BYTES;

  private static final int CRC_OFFSET = 8 + Hash.BYTES + 8 + 8;

  /// Where in the ring it belongs. Frames and writes only ever grow in number, so what follows
  /// lands in another slot, and a slot torn while it is written leaves the one before it whole.
  public int offset() {
    return (int) Math.floorMod(frame.id() + writes, (long) SLOTS) * SLOT_BYTES;
  }

  /// True when this one was told later than the other.
  public boolean isAfter(Witnessed other) {
    return frame.id() != other.frame.id()
        ? frame.id() > other.frame.id()
        : writes > other.writes || (writes == other.writes && epoch > other.epoch);
  }

  /// The slot's bytes.
  public byte[] encode() {
    byte[] bytes = new byte[SLOT_BYTES];
    ByteBuffer out = ByteBuffer.wrap(bytes);
    out.putLong(frame.id());
    frame.hash().writeTo(out);
    out.putLong(epoch).putLong(writes);
    out.putInt(EntryCodec.crc(bytes, 0, CRC_OFFSET));
    return bytes;
  }

  /// The newest slot of a ring, whatever its length; slots that are torn or were never written are
  /// passed over.
  public static Optional<Witnessed> newestIn(byte[] ring) {
    Witnessed newest = null;
    for (int offset = 0; offset + SLOT_BYTES <= ring.length; offset += SLOT_BYTES) {
      ByteBuffer in = ByteBuffer.wrap(ring, offset, SLOT_BYTES);
      long frameId = in.getLong();
      var slot =
          new Witnessed(new FrameHead(frameId, Hash.readFrom(in)), in.getLong(), in.getLong());
      boolean intact = in.getInt() == EntryCodec.crc(ring, offset, CRC_OFFSET);
      if (intact && slot.epoch > 0 && (newest == null || slot.isAfter(newest))) {
        newest = slot;
      }
    }
    return Optional.ofNullable(newest);
  }
}
