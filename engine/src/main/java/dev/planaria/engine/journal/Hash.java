package dev.planaria.engine.journal;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
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

  /// The result of a digest, which is reset.
  static Hash of(MessageDigest sha256) {
    return new Hash(sha256.digest());
  }

  /// Takes the next 32 bytes of a buffer.
  public static Hash readFrom(ByteBuffer in) {
    byte[] bytes = new byte[BYTES];
    in.get(bytes);
    return new Hash(bytes);
  }

  /// Takes 32 bytes of an array.
  public static Hash at(byte[] bytes, int offset) {
    return new Hash(Arrays.copyOfRange(bytes, offset, offset + BYTES));
  }

  /// True when these 32 bytes of an array are this value.
  public boolean isAt(byte[] content, int offset) {
    return Arrays.equals(content, offset, offset + BYTES, bytes, 0, BYTES);
  }

  /// Puts the 32 bytes into a buffer.
  public void writeTo(ByteBuffer out) {
    out.put(bytes);
  }

  /// Feeds the 32 bytes to a digest.
  void update(MessageDigest sha256) {
    sha256.update(bytes);
  }

  /// SHA-256 of some bytes.
  public static Hash sha256(byte[] content) {
    return new Hash(EntryCodec.newSha256().digest(content));
  }

  /// SHA-256 of what is left in a buffer, with a digest of the caller's, which is reset.
  public static Hash sha256(ByteBuffer content, MessageDigest sha256) {
    sha256.update(content);
    return of(sha256);
  }

  /// The first 64 bits, for indexes that can live with a chance of 1 in 2^64.
  public long prefix() {
    return ByteBuffer.wrap(bytes).getLong();
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
