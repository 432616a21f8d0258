package dev.planaria.engine.journal;

import java.util.Arrays;
import java.util.HexFormat;

/// A SHA-256 value (FIPS 180-4), 32 bytes. Immutable, compared by content.
public final class Hash {

  /// Length in bytes.
  public static final int BYTES = 32;

  /// What a chain starts from: 32 zero bytes.
  public static final Hash ZERO = new Hash(new byte[BYTES]);

  private final byte[] bytes;

  private Hash(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Takes a copy of 32 bytes.
  ///
  /// @throws IllegalArgumentException when there are not exactly 32
  public static Hash of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a SHA-256 value has 32 bytes, not " + bytes.length);
    }
    return new Hash(bytes.clone());
  }

  /// Reads 64 lower-case hexadecimal digits.
  ///
  /// @throws IllegalArgumentException when the text is anything else
  public static Hash parse(String hex) {
    return of(HexFormat.of().parseHex(hex));
  }

  /// A copy of the 32 bytes.
  public byte[] toBytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hash hash && Arrays.equals(bytes, hash.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /// The bytes as 64 lower-case hexadecimal digits.
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
