package dev.planaria.engine.recovery;

import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.EntryCodec;
import dev.planaria.engine.journal.Frame;
import dev.planaria.engine.journal.Hash;
import org.jspecify.annotations.Nullable;

/// A frame with everything that can be said of it alone: its own CRC and hash, and the CRC and the
/// structure of each of its entries. Whether it follows the frame before it is not looked at.
///
/// @param id the id under which it is stored
/// @param bytes what is stored; not copied, must not be changed
/// @param hash SHA-256 of the bytes
/// @param header what it says of itself, or null when it is damaged
/// @param offsets where its entries begin; none when it is damaged
/// @param damage what is wrong with it, in a sentence, or null
// The arrays are handed on, never compared.
@SuppressWarnings("ArrayRecordComponent")
record ScannedFrame(
    long id,
    byte[] bytes,
    Hash hash,
    Frame.@Nullable Header header,
    int[] offsets,
    @Nullable String damage) {

  /// Looks at the bytes of a frame.
  static ScannedFrame of(long id, byte[] bytes) {
    Hash hash = Hash.sha256(bytes);
    try {
      Frame.Header header = Frame.read(bytes);
      return new ScannedFrame(id, bytes, hash, header, offsets(bytes, header), null);
    } catch (DamagedException e) {
      return new ScannedFrame(id, bytes, hash, null, new int[0], String.valueOf(e.getMessage()));
    }
  }

  private static int[] offsets(byte[] bytes, Frame.Header header) {
    if (header.imports()) {
      return new int[0];
    }
    int count = header.entries();
    if (count < 0 || count > bytes.length / EntryCodec.MIN_BYTES) {
      throw new DamagedException("a frame holds fewer entries than it says");
    }
    int[] offsets = new int[count];
    int offset = Frame.HEADER_BYTES;
    for (int i = 0; i < count; i++) {
      offsets[i] = offset;
      offset += EntryCodec.requireIntact(bytes, offset);
    }
    return offsets;
  }
}
