package dev.planaria.app.gateway.calls;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// One generation of the record of calls: a file that is only appended to.
///
/// Each record is its length (4 bytes), the CRC32C of the rest (4 bytes), a type (1 byte) and the
/// rest. It is never fsynced: what was written survives the death of the process, which is all that
/// is asked of it. The end of the file may be torn; what follows the last whole record is cut off
/// when the file is opened. Not thread-safe.
final class InflightFile implements Closeable {
  /// A call was accepted.
  static final byte ACCEPTED = 1;

  /// A call was answered.
  static final byte ANSWERED = 2;

  private static final int HEAD_BYTES = 8;

  /// A body and what is written with it; more is damage, not a record.
  private static final int MAX_RECORD_BYTES = 64 << 20;

  /// Sees each record of a file that is opened.
  interface Visitor {
    /// Takes one record.
    ///
    /// @param offset where the payload begins, for [InflightFile#read]
    void visit(byte type, byte[] payload, long offset);
  }

  private Path path;
  private final RandomAccessFile file;
  private long size;
  private int calls;

  private InflightFile(Path path, RandomAccessFile file) {
    this.path = path;
    this.file = file;
  }

  /// Opens the file, or makes an empty one, and shows what is in it.
  static InflightFile open(Path path, Visitor visitor) throws IOException {
    if (!Files.exists(path)) {
      Files.createFile(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    var opened = new InflightFile(path, new RandomAccessFile(path.toFile(), "rw"));
    opened.scan(visitor);
    return opened;
  }

  private void scan(Visitor visitor) throws IOException {
    var in =
        new DataInputStream(
            new BufferedInputStream(
                Channels.newInputStream(file.getChannel().position(0)), 1 << 16));
    var crc = new CRC32C();
    try {
      while (true) {
        int length = in.readInt();
        int expected = in.readInt();
        if (length < 1 || length > MAX_RECORD_BYTES || length > file.length() - size) {
          break;
        }
        byte[] rest = in.readNBytes(length);
        crc.reset();
        crc.update(rest, 0, rest.length);
        if (rest.length < length || (int) crc.getValue() != expected) {
          break;
        }
        count(rest[0]);
        byte[] payload = Arrays.copyOfRange(rest, 1, length);
        visitor.visit(rest[0], payload, size + HEAD_BYTES + 1);
        size += HEAD_BYTES + length;
      }
    } catch (EOFException e) {
      // the regular end, or a torn last record: cut off below either way
    }
    file.setLength(size);
  }

  private void count(byte type) {
    if (type == ACCEPTED) {
      calls++;
    }
  }

  /// Appends a record in one write.
  ///
  /// @return where the payload begins, for [#read]
  long append(byte type, byte[] payload) throws IOException {
    var crc = new CRC32C();
    crc.update(type);
    crc.update(payload, 0, payload.length);
    byte[] record =
        ByteBuffer.allocate(HEAD_BYTES + 1 + payload.length)
            .putInt(1 + payload.length)
            .putInt((int) crc.getValue())
            .put(type)
            .put(payload)
            .array();
    try {
      file.seek(size);
      file.write(record);
    } catch (IOException e) {
      cutBackTo(size, e);
      throw e;
    }
    long offset = size + HEAD_BYTES + 1;
    size += record.length;
    count(type);
    return offset;
  }

  /// Half a record (a full disk) would hide all that comes after it.
  private void cutBackTo(long length, IOException cause) {
    try {
      file.setLength(length);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /// Reads bytes of a payload again.
  byte[] read(long offset, int length) throws IOException {
    byte[] bytes = new byte[length];
    file.seek(offset);
    file.readFully(bytes);
    return bytes;
  }

  /// How long the file is, in bytes.
  long size() {
    return size;
  }

  /// How many calls it holds.
  int calls() {
    return calls;
  }

  /// Gives the file another name; it stays open.
  void renameTo(Path target) throws IOException {
    Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
    path = target;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /// Writes a payload made of short texts and a long rest.
  static byte[] payload(byte[] rest, HeadWriter writer) {
    var bytes = new ByteArrayOutputStream(256 + rest.length);
    try (var out = new DataOutputStream(bytes)) {
      writer.write(out);
      out.write(rest);
    } catch (IOException e) {
      throw new UncheckedIOException("a text is too long to be recorded", e);
    }
    return bytes.toByteArray();
  }

  /// Reads what [#payload] wrote.
  static DataInputStream reader(byte[] payload) {
    return new DataInputStream(new ByteArrayInputStream(payload));
  }

  /// Writes the texts in front of a payload's rest.
  interface HeadWriter {
    void write(DataOutputStream out) throws IOException;
  }
}
