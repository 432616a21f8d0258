package dev.planaria.engine.storage.sqlite;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A checksum over the values of one row. SQLite has none: a flipped bit in a name or a time is
/// returned like any other value.
final class RowSum {

  private RowSum() {}

  /// CRC-32C over the values' texts and lengths, never 0.
  static long of(@Nullable Object... values) {
    var crc = new CRC32C();
    for (@Nullable Object value : values) {
      byte[] bytes =
          switch (value) {
            case null -> new byte[0];
            case byte[] blob -> blob;
            default -> value.toString().getBytes(StandardCharsets.UTF_8);
          };
      crc.update(bytes);
      crc.update(value == null ? 0 : 1);
      for (int shift = 0; shift < 32; shift += 8) {
        crc.update(bytes.length >>> shift);
      }
    }
    return crc.getValue() | 1L << 32;
  }
}
