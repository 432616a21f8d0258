package dev.planaria.engine.storage.archive;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.Frame;
import dev.planaria.engine.journal.FrameHead;
import dev.planaria.engine.journal.Hash;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A run of frames in one file.
///
/// Layout, big-endian: magic (8), id (8) and hash (32) of the frame before the first, id (8) and
/// hash (32) of the last, length of the frames (4), length of the compressed frames (4), the
/// compressed frames (Zstandard, level 3), and a SHA-256 over all before it (32). The frames are
/// each preceded by their length (4). The file says itself what it holds, so that it can be read
/// without the index.
///
/// @param before the frame before the first
/// @param last the last frame
/// @param frames the frames as they were stored; not copied, must not be changed
public record Segment(FrameHead before, FrameHead last, List<byte[]> frames) {

  /// Written once and rarely read, beside a disk that is slower.
  private static final int LEVEL = 3;

  private static final long MAGIC = 0x504c4e4152433031L;
  private static final int HEAD = 8 + 2 * (8 + Hash.BYTES) + 4 + 4;

  /// Nothing that was written is larger; what claims to be is damaged, and must not be believed.
  private static final int MAX_BYTES = 256 << 20;

  /// Keeps the list.
  public Segment {
    frames = List.copyOf(frames);
  }

  /// Packs frames, after checking that each is intact and follows the one before.
  ///
  /// @param before the frame before the first
  /// @throws DamagedException when they are no chain: what is damaged stays where it is
  public static Segment of(FrameHead before, List<byte[]> frames) {
    FrameHead head = before;
    for (byte[] bytes : frames) {
      Frame.Header header = Frame.read(bytes);
      if (header.id() != head.id() + 1 || !header.previous().equals(head.hash())) {
        throw new DamagedException(
            "frame " + (head.id() + 1) + " does not follow the frame before it");
      }
      head = new FrameHead(header.id(), Hash.sha256(bytes));
    }
    return new Segment(before, head, frames);
  }

  /// The frame of that id.
  public byte[] frame(long id) {
    return frames.get(Math.toIntExact(id - before.id() - 1));
  }

  /// The content of the file.
  public byte[] encode() {
    int length = 0;
    for (byte[] frame : frames) {
      length += 4 + frame.length;
    }
    ByteBuffer plain = ByteBuffer.allocate(length);
    frames.forEach(frame -> plain.putInt(frame.length).put(frame));
    byte[] packed = Zstd.compress(plain.array(), LEVEL);
    ByteBuffer out = ByteBuffer.allocate(HEAD + packed.length + Hash.BYTES);
    out.putLong(MAGIC).putLong(before.id());
    before.hash().writeTo(out);
    out.putLong(last.id());
    last.hash().writeTo(out);
    out.putInt(length).putInt(packed.length).put(packed);
    Hash.sha256(Arrays.copyOf(out.array(), out.position())).writeTo(out);
    return out.array();
  }

  /// Reads what [#encode] wrote, checking every byte and the chain of the frames.
  ///
  /// @throws DamagedException when it is anything else
  public static Segment decode(byte[] file) {
    if (file.length < HEAD + Hash.BYTES) {
      throw new DamagedException("a segment of the archive is cut short");
    }
    Hash sum = Hash.sha256(Arrays.copyOf(file, file.length - Hash.BYTES));
    if (!sum.equals(Hash.of(Arrays.copyOfRange(file, file.length - Hash.BYTES, file.length)))) {
      throw new DamagedException("the SHA-256 of a segment of the archive does not hold");
    }
    try {
      ByteBuffer in = ByteBuffer.wrap(file);
      if (in.getLong() != MAGIC) {
        throw new DamagedException("a segment of the archive does not begin as segments do");
      }
      FrameHead before = new FrameHead(in.getLong(), Hash.readFrom(in));
      FrameHead last = new FrameHead(in.getLong(), Hash.readFrom(in));
      int length = in.getInt();
      int packed = in.getInt();
      if (length < 0 || length > MAX_BYTES || packed != file.length - HEAD - Hash.BYTES) {
        throw new DamagedException("a segment of the archive claims a size that it has not");
      }
      byte[] plain = Zstd.decompress(Arrays.copyOfRange(file, HEAD, HEAD + packed), length);
      Segment segment = of(before, frames(ByteBuffer.wrap(plain)));
      if (!segment.last.equals(last)) {
        throw new DamagedException("a segment of the archive ends elsewhere than it says");
      }
      return segment;
    } catch (BufferUnderflowException | ZstdException e) {
      throw new DamagedException("a segment of the archive cannot be read: " + e.getMessage());
    }
  }

  private static List<byte[]> frames(ByteBuffer in) {
    var frames = new ArrayList<byte[]>();
    while (in.hasRemaining()) {
      int length = in.getInt();
      if (length < 0 || length > in.remaining()) {
        throw new DamagedException("a frame of the archive claims " + length + " bytes");
      }
      byte[] frame = new byte[length];
      in.get(frame);
      frames.add(frame);
    }
    return frames;
  }
}
