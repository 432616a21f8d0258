package dev.planaria.engine.transfer;

import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The form of an export, big-endian: magic (8), format version (4), then blocks. A block: kind
/// (1), length unpacked (4), length packed (4), its content packed with Zstandard, CRC-32C over all
/// of that (4). Blocks come in the order of [Kind]; behind the trailer nothing follows.
final class ExportFormat {

  static final long MAGIC = 0x504c414e4558500aL;

  /// Raised with every change that an older version could not read.
  static final int VERSION = 1;

  /// Kind and the two lengths.
  static final int BLOCK_HEAD = 1 + 4 + 4;

  /// What a block holds.
  enum Kind {
    /// [ExportHead], as JSON. Exactly one.
    HEAD('H'),
    /// Where the export begins with a state: since when operation ids may have been forgotten (8),
    /// how many are remembered (4), and these (40 bytes each).
    OPERATIONS('O'),
    /// The next piece of that state, as JSON.
    STATE('S'),
    /// Entries as the journal has them, from the start (its own included) to the head.
    ENTRIES('E'),
    /// How many blocks (8) and entries (8) came before, and the SHA-256 of all bytes before (32).
    /// Exactly one.
    TRAILER('T');

    private final char letter;

    Kind(char letter) {
      this.letter = letter;
    }

    /// What stands for it in the file, in ASCII.
    byte code() {
      return (byte) letter;
    }

    static @Nullable Kind of(byte code) {
      for (Kind kind : values()) {
        if (kind.code() == code) {
          return kind;
        }
      }
      return null;
    }
  }

  static final int TRAILER_BYTES = 8 + 8 + 32;

  /// Bytes of one remembered operation.
  static final int OPERATION_BYTES = 5 * 8;

  private ExportFormat() {}

  static int crc(byte[] head, byte[] packed) {
    var crc = new CRC32C();
    crc.update(head, 0, BLOCK_HEAD);
    crc.update(packed);
    return (int) crc.getValue();
  }
}
