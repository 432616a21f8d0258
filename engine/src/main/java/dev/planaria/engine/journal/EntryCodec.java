package dev.planaria.engine.journal;

import dev.planaria.engine.state.SessionId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import java.util.zip.CRC32C;

/// Entries to bytes and back, and the hash chain that runs through a session.
///
/// Layout, big-endian: total length (4), version (1), session (16), seq (8), epoch (8), time (8),
/// command digest (32), type, principal and operation id (each: length (1), UTF-8), body (length
/// (4), UTF-8 JSON), hash (32), CRC-32C over all before it (4). The hash covers the previous hash
/// and everything from the version to the body.
///
/// Not thread-safe: it keeps one message digest, so that hashing an entry allocates nothing.
public final class EntryCodec {

  /// Bytes before the three texts.
  private static final int FIXED = 4 + 1 + 16 + 8 + 8 + 8 + Hash.BYTES;

  /// Bytes after the body.
  private static final int TRAILER = Hash.BYTES + 4;

  /// Smallest possible entry: empty texts, empty body.
  static final int MIN_BYTES = FIXED + 3 + 4 + TRAILER;

  private static final byte VERSION = 1;

  private final MessageDigest sha256;

  /// A codec for one thread, or for use under one lock.
  public EntryCodec() {
    this.sha256 = newSha256();
  }

  // Copying one is cheaper than finding the provider of another.
  private static final MessageDigest UNUSED_SHA256 = sha256();

  /// A fresh SHA-256.
  public static MessageDigest newSha256() {
    try {
      return (MessageDigest) UNUSED_SHA256.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("Java's own SHA-256 can be copied", e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// An entry as written: its bytes and its hash.
  ///
  /// @param bytes the whole entry; not copied, must not be changed
  /// @param hash the session's chain hash at this entry
  // The bytes are handed on, never compared: a copy of each would cost more than it protects.
  @SuppressWarnings("ArrayRecordComponent")
  public record Encoded(byte[] bytes, Hash hash) {}

  /// Writes an entry whose hash follows `previous`.
  ///
  /// @throws IllegalArgumentException when a text is longer than 255 bytes
  public Encoded encode(
      SessionId sessionId,
      long seq,
      long epoch,
      long timeMillis,
      Hash commandDigest,
      String principal,
      String operationId,
      String type,
      byte[] body,
      Hash previous) {
    return encode(
        sessionId,
        seq,
        epoch,
        timeMillis,
        commandDigest,
        principal,
        operationId,
        type,
        ByteBuffer.wrap(body),
        previous);
  }

  /// The same, with what is left in a buffer as the body.
  public Encoded encode(
      SessionId sessionId,
      long seq,
      long epoch,
      long timeMillis,
      Hash commandDigest,
      String principal,
      String operationId,
      String type,
      ByteBuffer body,
      Hash previous) {
    byte[] typeBytes = shortText("type", type);
    byte[] principalBytes = shortText("principal", principal);
    byte[] operationIdBytes = shortText("operation id", operationId);
    int length =
        MIN_BYTES
            + typeBytes.length
            + principalBytes.length
            + operationIdBytes.length
            + body.remaining();
    byte[] bytes = new byte[length];
    ByteBuffer out = ByteBuffer.wrap(bytes);
    out.putInt(length).put(VERSION);
    out.putLong(sessionId.uuid().getMostSignificantBits());
    out.putLong(sessionId.uuid().getLeastSignificantBits());
    out.putLong(seq).putLong(epoch).putLong(timeMillis);
    commandDigest.writeTo(out);
    out.put((byte) typeBytes.length).put(typeBytes);
    out.put((byte) principalBytes.length).put(principalBytes);
    out.put((byte) operationIdBytes.length).put(operationIdBytes);
    out.putInt(body.remaining()).put(body);
    Hash hash = chain(previous, bytes, 4, length - TRAILER);
    hash.writeTo(out);
    out.putInt(crc(bytes, 0, length - 4));
    return new Encoded(bytes, hash);
  }

  /// Reads the entry that starts at `offset`, checking its structure and its CRC but not its place
  /// in the chain.
  ///
  /// @throws DamagedException when the bytes are no intact entry
  public static Entry decode(byte[] bytes, int offset) {
    int length = lengthAt(bytes, offset);
    if (crc(bytes, offset, length - 4) != ByteBuffer.wrap(bytes).getInt(offset + length - 4)) {
      throw new DamagedException("the CRC of an entry does not hold");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, offset, length - TRAILER).slice();
    byte version = in.get(4);
    if (version != VERSION) {
      throw new DamagedException("an entry has version " + version + ", which nobody wrote");
    }
    in.position(5);
    SessionId sessionId = new SessionId(new UUID(in.getLong(), in.getLong()));
    long seq = in.getLong();
    long epoch = in.getLong();
    long timeMillis = in.getLong();
    Hash commandDigest = Hash.readFrom(in);
    String type = readText(in);
    String principal = readText(in);
    String operationId = readText(in);
    if (in.remaining() < 4 || in.getInt(in.position()) != in.remaining() - 4) {
      throw new DamagedException("the body of an entry does not fill it");
    }
    byte[] body = new byte[in.getInt()];
    in.get(body);
    Hash hash = Hash.readFrom(ByteBuffer.wrap(bytes, offset + length - TRAILER, Hash.BYTES));
    return new Entry(
        sessionId, seq, epoch, timeMillis, commandDigest, principal, operationId, type, body, hash);
  }

  /// Writes an entry as it was read, its hash included; whether it follows another is not looked
  /// at.
  public static byte[] rewrite(Entry entry) {
    byte[] type = shortText("type", entry.type());
    byte[] principal = shortText("principal", entry.principal());
    byte[] operationId = shortText("operation id", entry.operationId());
    int length =
        MIN_BYTES + type.length + principal.length + operationId.length + entry.body().length;
    byte[] bytes = new byte[length];
    ByteBuffer out = ByteBuffer.wrap(bytes);
    out.putInt(length).put(VERSION);
    out.putLong(entry.sessionId().uuid().getMostSignificantBits());
    out.putLong(entry.sessionId().uuid().getLeastSignificantBits());
    out.putLong(entry.seq()).putLong(entry.epoch()).putLong(entry.timeMillis());
    entry.commandDigest().writeTo(out);
    out.put((byte) type.length).put(type);
    out.put((byte) principal.length).put(principal);
    out.put((byte) operationId.length).put(operationId);
    out.putInt(entry.body().length).put(entry.body());
    entry.hash().writeTo(out);
    out.putInt(crc(bytes, 0, length - 4));
    return bytes;
  }

  /// The length of the entry that starts at `offset`.
  ///
  /// @throws DamagedException when no entry can start there
  public static int lengthAt(byte[] bytes, int offset) {
    if (offset < 0 || offset > bytes.length - MIN_BYTES) {
      throw new DamagedException("an entry is cut short");
    }
    int length = ByteBuffer.wrap(bytes).getInt(offset);
    if (length < MIN_BYTES || length > bytes.length - offset) {
      throw new DamagedException("an entry's length does not fit its frame");
    }
    return length;
  }

  /// True when the entry at `offset` says that it is of that session; its CRC is not looked at.
  public static boolean belongsTo(SessionId sessionId, byte[] bytes, int offset) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return in.getLong(offset + 5) == sessionId.uuid().getMostSignificantBits()
        && in.getLong(offset + 13) == sessionId.uuid().getLeastSignificantBits();
  }

  /// The session that the entry at `offset` says it is of; its CRC is not looked at.
  public static SessionId sessionAt(byte[] bytes, int offset) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new SessionId(new UUID(in.getLong(offset + 5), in.getLong(offset + 13)));
  }

  /// True when the intact entry at `offset` follows an entry with hash `previous`.
  public boolean follows(Hash previous, byte[] bytes, int offset, Entry entry) {
    int length = lengthAt(bytes, offset);
    return chain(previous, bytes, offset + 4, offset + length - TRAILER).equals(entry.hash());
  }

  /// The same for an entry that is no longer bytes.
  public boolean follows(Hash previous, Entry entry) {
    Encoded expected =
        encode(
            entry.sessionId(),
            entry.seq(),
            entry.epoch(),
            entry.timeMillis(),
            entry.commandDigest(),
            entry.principal(),
            entry.operationId(),
            entry.type(),
            entry.body(),
            previous);
    return expected.hash().equals(entry.hash());
  }

  private Hash chain(Hash previous, byte[] bytes, int from, int to) {
    previous.update(sha256);
    sha256.update(bytes, from, to - from);
    return Hash.of(sha256);
  }

  static int crc(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  private static byte[] shortText(String what, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 255) {
      throw new IllegalArgumentException("the " + what + " of an entry is longer than 255 bytes");
    }
    return bytes;
  }

  private static String readText(ByteBuffer in) {
    int length = in.hasRemaining() ? in.get() & 0xff : Integer.MAX_VALUE;
    if (length > in.remaining()) {
      throw new DamagedException("a text of an entry is cut short");
    }
    String text =
        new String(in.array(), in.arrayOffset() + in.position(), length, StandardCharsets.UTF_8);
    in.position(in.position() + length);
    return text;
  }
}
