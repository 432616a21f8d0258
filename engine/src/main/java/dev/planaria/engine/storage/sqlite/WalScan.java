package dev.planaria.engine.storage.sqlite;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/// Reads SQLite's write-ahead log before SQLite does.
///
/// SQLite takes the frames of its log up to the first one whose checksum fails, and drops the rest
/// without a word: right for the torn tail of a power loss, wrong for a flipped bit in the middle.
/// The two differ: every commit is synced before the next one begins, so what a power loss tears is
/// within one transaction. Two commits at or behind the frame that fails mean that frames are lost
/// that were on disk. With one the log cannot tell, but the witness can.
///
/// Format: [WAL-mode file format](https://sqlite.org/walformat.html), sections 1 and 2. Pure.
final class WalScan {

  private static final int HEADER_BYTES = 32;
  private static final int FRAME_HEADER_BYTES = 24;
  private static final int MAGIC = 0x377f0682;
  private static final int VERSION = 3007000;

  /// Bytes at a place in the log. `FileChannel::read` is one.
  @FunctionalInterface
  interface Source {

    /// Reads some bytes from a position on.
    ///
    /// @return how many, -1 at the end
    int read(ByteBuffer into, long position) throws IOException;
  }

  /// What a log holds.
  ///
  /// @param frames frames up to the first one that fails, or the end
  /// @param commits transactions among them
  /// @param broken where the log stops being readable although more of it follows
  record Result(long frames, long commits, Optional<Break> broken) {
    static final Result EMPTY = new Result(0, 0, Optional.empty());
  }

  /// A frame that fails, with frames of the same log at or behind it.
  ///
  /// @param position byte in the log at which it begins (0: the log's header)
  /// @param commits transactions that end at or behind it
  record Break(long position, long commits) {

    /// True when no power loss can have left this.
    boolean isDamage() {
      return commits >= 2;
    }
  }

  private final Source source;
  private final long length;
  private final ByteBuffer buffer = ByteBuffer.allocate(FRAME_HEADER_BYTES + 65_536);
  private int frameBytes;
  private ByteOrder order = ByteOrder.BIG_ENDIAN;
  private int salt1;
  private int salt2;
  private int sum1;
  private int sum2;

  private WalScan(Source source, long length) {
    this.source = source;
    this.length = length;
  }

  /// Scans a log of that many bytes.
  static Result run(Source source, long length) throws IOException {
    return length < HEADER_BYTES + FRAME_HEADER_BYTES
        ? Result.EMPTY
        : new WalScan(source, length).run();
  }

  private Result run() throws IOException {
    ByteBuffer header = read(0, HEADER_BYTES);
    if (!acceptHeader(header)) {
      return withoutHeader();
    }
    long frames = 0;
    long commits = 0;
    long position = HEADER_BYTES;
    for (; position + frameBytes <= length; position += frameBytes) {
      ByteBuffer frame = read(position, frameBytes);
      if (!follows(frame)) {
        break;
      }
      frames++;
      commits += isCommit(frame) ? 1 : 0;
    }
    return new Result(frames, commits, behind(position));
  }

  /// Takes page size, byte order, salts and checksum from the log's header.
  private boolean acceptHeader(ByteBuffer header) {
    int magic = header.getInt(0);
    int pageBytes = header.getInt(8);
    frameBytes = FRAME_HEADER_BYTES + pageBytes;
    salt1 = header.getInt(16);
    salt2 = header.getInt(20);
    order = (magic & 1) == 1 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    sum(header, 0, 24);
    return (magic & ~1) == MAGIC
        && header.getInt(4) == VERSION
        && Integer.bitCount(pageBytes) == 1
        && pageBytes >= 512
        && pageBytes <= 65_536
        && header.getInt(24) == sum1
        && header.getInt(28) == sum2;
  }

  private boolean follows(ByteBuffer frame) {
    if (!hasSalts(frame) || frame.getInt(0) == 0) {
      return false;
    }
    int before1 = sum1;
    int before2 = sum2;
    sum(frame, 0, 8);
    sum(frame, FRAME_HEADER_BYTES, frameBytes);
    if (frame.getInt(16) == sum1 && frame.getInt(20) == sum2) {
      return true;
    }
    sum1 = before1;
    sum2 = before2;
    return false;
  }

  private boolean hasSalts(ByteBuffer frame) {
    return frame.getInt(8) == salt1 && frame.getInt(12) == salt2;
  }

  private static boolean isCommit(ByteBuffer frame) {
    return frame.getInt(4) != 0;
  }

  /// What of this log lies at a frame that fails and behind it. What has other salts is left over
  /// from before the log was last started over.
  private Optional<Break> behind(long broken) throws IOException {
    long same = 0;
    long commits = 0;
    for (long at = broken; at + FRAME_HEADER_BYTES <= length; at += frameBytes) {
      ByteBuffer frame = read(at, FRAME_HEADER_BYTES);
      if (hasSalts(frame)) {
        same++;
        commits += isCommit(frame) ? 1 : 0;
      }
    }
    return same == 0 ? Optional.empty() : Optional.of(new Break(broken, commits));
  }

  /// The header is synced before the first commit, so frames behind one that fails are suspect;
  /// each of the usual page sizes is tried, and the salts are the first frame's.
  private Result withoutHeader() throws IOException {
    ByteBuffer first = read(HEADER_BYTES, FRAME_HEADER_BYTES);
    salt1 = first.getInt(8);
    salt2 = first.getInt(12);
    if (salt1 == 0 && salt2 == 0) {
      return Result.EMPTY;
    }
    Break worst = new Break(0, 0);
    for (int pageBytes = 512; pageBytes <= 65_536; pageBytes *= 2) {
      frameBytes = FRAME_HEADER_BYTES + pageBytes;
      long commits = behind(HEADER_BYTES).map(Break::commits).orElse(0L);
      if (commits > worst.commits()) {
        worst = new Break(0, commits);
      }
    }
    return new Result(0, 0, Optional.of(worst));
  }

  /// Adds to the running checksum (section 1.1: two 32-bit sums over pairs of words).
  private void sum(ByteBuffer bytes, int from, int to) {
    bytes.order(order);
    int a = sum1;
    int b = sum2;
    for (int i = from; i < to; i += 8) {
      a += bytes.getInt(i) + b;
      b += bytes.getInt(i + 4) + a;
    }
    sum1 = a;
    sum2 = b;
    bytes.order(ByteOrder.BIG_ENDIAN);
  }

  private ByteBuffer read(long position, int count) throws IOException {
    buffer.clear().limit(count);
    while (buffer.hasRemaining()) {
      if (source.read(buffer, position + buffer.position()) < 0) {
        throw new EOFException("the write-ahead log became shorter while it was read");
      }
    }
    return buffer.flip();
  }
}
