package dev.planaria.engine.journal;

import java.nio.ByteBuffer;
import java.util.List;

/// The entries of one group commit.
///
/// Layout, big-endian: magic (4; another one for imports), id (8), epoch (8), previous frame's hash
/// (32), number of entries (4), the entries, and a CRC-32C over all before it (4). Ids have no
/// gaps; a frame's hash is the SHA-256 of its bytes.
///
/// @param id its number in the store, from 1
/// @param epoch the store's fencing token when it was written
/// @param bytes the frame; not copied, must not be changed
/// @param hash SHA-256 of the bytes
// The bytes are handed on, never compared: a copy of each would cost more than it protects.
@SuppressWarnings("ArrayRecordComponent")
public record Frame(long id, long epoch, byte[] bytes, Hash hash) {

  /// Bytes before the first entry.
  public static final int HEADER_BYTES = 4 + 8 + 8 + Hash.BYTES + 4;

  private static final int MAGIC = 0x504c4631;
  private static final int IMPORT_MAGIC = 0x504c4649;

  /// Puts encoded entries into the frame that follows `previous`.
  public static Frame of(FrameHead previous, long epoch, List<byte[]> entries) {
    return of(MAGIC, previous, epoch, entries);
  }

  /// As [#of], for entries of a session that is being imported: they begin and continue no session.
  /// That is left to the session's line in the catalogue, which comes when all of them are on disk.
  public static Frame ofImport(FrameHead previous, long epoch, List<byte[]> entries) {
    return of(IMPORT_MAGIC, previous, epoch, entries);
  }

  private static Frame of(int magic, FrameHead previous, long epoch, List<byte[]> entries) {
    int length = HEADER_BYTES + 4;
    for (byte[] entry : entries) {
      length += entry.length;
    }
    byte[] bytes = new byte[length];
    ByteBuffer out = ByteBuffer.wrap(bytes);
    out.putInt(magic).putLong(previous.id() + 1).putLong(epoch);
    previous.hash().writeTo(out);
    out.putInt(entries.size());
    entries.forEach(out::put);
    out.putInt(EntryCodec.crc(bytes, 0, length - 4));
    return new Frame(previous.id() + 1, epoch, bytes, Hash.sha256(bytes));
  }

  /// A frame without entries, which declares that the frames between `previous` and itself were
  /// lost. Only an opening that accepts the loss writes one.
  ///
  /// @param previous the last frame that is there
  /// @param id its own number, above every frame that was lost
  public static Frame declaringLoss(FrameHead previous, long epoch, long id) {
    return of(new FrameHead(id - 1, previous.hash()), epoch, List.of());
  }

  /// What a frame says of itself, whether or not the rest of it is intact.
  ///
  /// @param id its number
  /// @param epoch the fencing token it was written under
  /// @param previous hash of the frame before it
  /// @param entries how many entries it holds
  /// @param imports true when they are of a session that was being imported
  public record Header(long id, long epoch, Hash previous, int entries, boolean imports) {

    /// True when the frames between this one and the last one before it are known to be lost, and
    /// that was accepted.
    public boolean declaresLoss() {
      return entries == 0;
    }
  }

  /// Reads the header and checks the frame's CRC.
  ///
  /// @throws DamagedException when the bytes are no intact frame
  public static Header read(byte[] bytes) {
    if (bytes.length < HEADER_BYTES + 4) {
      throw new DamagedException("a frame is cut short");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.getInt(bytes.length - 4) != EntryCodec.crc(bytes, 0, bytes.length - 4)) {
      throw new DamagedException("the CRC of a frame does not hold");
    }
    int magic = in.getInt();
    if (magic != MAGIC && magic != IMPORT_MAGIC) {
      throw new DamagedException("a frame does not begin as frames do");
    }
    return new Header(
        in.getLong(), in.getLong(), Hash.readFrom(in), in.getInt(), magic == IMPORT_MAGIC);
  }
}
