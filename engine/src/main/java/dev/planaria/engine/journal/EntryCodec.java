package dev.planaria.engine.journal;

import dev.planaria.engine.state.SessionId;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
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

  // Where the fixed parts of an entry lie.
  private static final int SESSION_AT = 4 + 1;
  private static final int SEQ_AT = SESSION_AT + 16;
  private static final int EPOCH_AT = SEQ_AT + 8;
  private static final int TIME_AT = EPOCH_AT + 8;
  private static final int DIGEST_AT = TIME_AT + 8;

  /// Bytes before the three texts.
  private static final int FIXED = DIGEST_AT + Hash.BYTES;

  private static final int TEXTS = 3;

  /// Bytes after the body.
  private static final int TRAILER = Hash.BYTES + 4;

  /// Smallest possible entry: empty texts, empty body.
  public static final int MIN_BYTES = FIXED + 3 + 4 + TRAILER;

  private static final byte VERSION = 1;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final MessageDigest sha256;
  private final byte[] computed = new byte[Hash.BYTES];

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
    int length = requireIntact(bytes, offset);
    int typeAt = offset + FIXED;
    int principalAt = behindText(bytes, typeAt);
    int operationIdAt = behindText(bytes, principalAt);
    int bodyAt = behindText(bytes, operationIdAt) + 4;
    int end = offset + length - TRAILER;
    return new Entry(
        sessionAt(bytes, offset),
        seqAt(bytes, offset),
        longAt(bytes, offset + EPOCH_AT),
        timeMillisAt(bytes, offset),
        Hash.at(bytes, offset + DIGEST_AT),
        textAt(bytes, principalAt),
        textAt(bytes, operationIdAt),
        textAt(bytes, typeAt),
        Arrays.copyOfRange(bytes, bodyAt, end),
        Hash.at(bytes, end));
  }

  /// Checks the structure and the CRC of the entry that starts at `offset`, and gives its length.
  /// Only then may the methods that look at one part of an entry be asked.
  ///
  /// @throws DamagedException when the bytes are no intact entry
  public static int requireIntact(byte[] bytes, int offset) {
    int length = lengthAt(bytes, offset);
    if (crc(bytes, offset, length - 4) != intAt(bytes, offset + length - 4)) {
      throw new DamagedException("the CRC of an entry does not hold");
    }
    byte version = bytes[offset + 4];
    if (version != VERSION) {
      throw new DamagedException("an entry has version " + version + ", which nobody wrote");
    }
    int end = offset + length - TRAILER;
    int at = offset + FIXED;
    for (int text = 0; text < TEXTS; text++) {
      at = at < end ? behindText(bytes, at) : Integer.MAX_VALUE;
      if (at > end) {
        throw new DamagedException("a text of an entry is cut short");
      }
    }
    if (end - at < 4 || intAt(bytes, at) != end - at - 4) {
      throw new DamagedException("the body of an entry does not fill it");
    }
    return length;
  }

  /// The seq of the intact entry at `offset`.
  public static long seqAt(byte[] bytes, int offset) {
    return longAt(bytes, offset + SEQ_AT);
  }

  /// When the intact entry at `offset` was decided, Unix time.
  public static long timeMillisAt(byte[] bytes, int offset) {
    return longAt(bytes, offset + TIME_AT);
  }

  /// The type of the intact entry at `offset` is this text, in ASCII.
  public static boolean hasType(byte[] type, byte[] bytes, int offset) {
    int from = offset + FIXED;
    return (bytes[from] & 0xff) == type.length
        && Arrays.equals(bytes, from + 1, from + 1 + type.length, type, 0, type.length);
  }

  /// Where the hash of the entry at `offset` begins.
  public static int hashAt(byte[] bytes, int offset) {
    return offset + intAt(bytes, offset) - TRAILER;
  }

  private static int behindText(byte[] bytes, int at) {
    return at + 1 + (bytes[at] & 0xff);
  }

  private static String textAt(byte[] bytes, int at) {
    return new String(bytes, at + 1, bytes[at] & 0xff, StandardCharsets.UTF_8);
  }

  private static int intAt(byte[] bytes, int at) {
    return (int) INT.get(bytes, at);
  }

  private static long longAt(byte[] bytes, int at) {
    return (long) LONG.get(bytes, at);
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
    int length = intAt(bytes, offset);
    if (length < MIN_BYTES || length > bytes.length - offset) {
      throw new DamagedException("an entry's length does not fit its frame");
    }
    return length;
  }

  /// True when the entry at `offset` says that it is of that session; its CRC is not looked at.
  public static boolean belongsTo(SessionId sessionId, byte[] bytes, int offset) {
    return sessionHigh(bytes, offset) == sessionId.uuid().getMostSignificantBits()
        && sessionLow(bytes, offset) == sessionId.uuid().getLeastSignificantBits();
  }

  /// The session that the entry at `offset` says it is of; its CRC is not looked at.
  public static SessionId sessionAt(byte[] bytes, int offset) {
    return new SessionId(new UUID(sessionHigh(bytes, offset), sessionLow(bytes, offset)));
  }

  /// The first 64 bits of [#sessionAt].
  public static long sessionHigh(byte[] bytes, int offset) {
    return longAt(bytes, offset + SESSION_AT);
  }

  /// The last 64 bits of [#sessionAt].
  public static long sessionLow(byte[] bytes, int offset) {
    return longAt(bytes, offset + SESSION_AT + 8);
  }

  /// True when the intact entry at `offset` follows an entry with hash `previous`.
  public boolean follows(Hash previous, byte[] bytes, int offset) {
    int length = lengthAt(bytes, offset);
    previous.update(sha256);
    sha256.update(bytes, offset + 4, length - 4 - TRAILER);
    try {
      sha256.digest(computed, 0, Hash.BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException("a SHA-256 value fits into " + Hash.BYTES + " bytes", e);
    }
    return Arrays.equals(
        computed,
        0,
        Hash.BYTES,
        bytes,
        offset + length - TRAILER,
        offset + length - TRAILER + Hash.BYTES);
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
}
