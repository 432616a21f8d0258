package dev.planaria.engine.transfer;

import com.github.luben.zstd.Zstd;
import dev.planaria.engine.checkpoint.CheckpointContent;
import dev.planaria.engine.checkpoint.RememberedOperation;
import dev.planaria.engine.journal.EntryCodec;
import dev.planaria.engine.state.StateCodec;
import dev.planaria.engine.transfer.ExportFormat.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;

/// Writes a session as one export: [#head], [#start] when it begins with a state, [#entry] for each
/// operation, [#finish]. Holds one block in memory. Not thread-safe.
public final class ExportWriter {

  private static final int LEVEL = 3;

  /// A block is written when it has that many bytes; a larger operation has one of its own.
  private static final int BLOCK_BYTES = 1 << 20;

  private final OutputStream out;
  private final MessageDigest sha256 = EntryCodec.newSha256();
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
  private long blocks;
  private long entries;

  /// @param out where it goes; not closed
  public ExportWriter(OutputStream out) throws IOException {
    this.out = out;
    put(ByteBuffer.allocate(12).putLong(ExportFormat.MAGIC).putInt(ExportFormat.VERSION).array());
  }

  /// Writes what the export says of itself.
  public void head(ExportHead head) throws IOException {
    block(Kind.HEAD, head.encode());
  }

  /// Writes the state that the export begins with.
  public void start(CheckpointContent content) throws IOException {
    List<RememberedOperation> operations = content.operations();
    ByteBuffer bytes =
        ByteBuffer.allocate(12 + operations.size() * ExportFormat.OPERATION_BYTES)
            .putLong(content.forgottenBeforeMillis())
            .putInt(operations.size());
    for (RememberedOperation operation : operations) {
      bytes.putLong(operation.key().high()).putLong(operation.key().low());
      bytes.putLong(operation.commandDigest()).putLong(operation.seq());
      bytes.putLong(operation.timeMillis());
    }
    block(Kind.OPERATIONS, bytes.array());
    try {
      StateCodec.encode(content.image().state(), new Pieces());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    flush(Kind.STATE);
  }

  /// Writes the next operation.
  ///
  /// @param encoded as the journal has it
  public void entry(byte[] encoded) throws IOException {
    if (pending.size() > 0 && pending.size() + encoded.length > BLOCK_BYTES) {
      flush(Kind.ENTRIES);
    }
    pending.write(encoded);
    entries++;
  }

  /// Writes the end.
  ///
  /// @return how many operations were written
  public long finish() throws IOException {
    flush(Kind.ENTRIES);
    byte[] trailer =
        ByteBuffer.allocate(ExportFormat.TRAILER_BYTES)
            .putLong(blocks)
            .putLong(entries)
            .put(digestSoFar())
            .array();
    block(Kind.TRAILER, trailer);
    return entries;
  }

  private byte[] digestSoFar() {
    try {
      return ((MessageDigest) sha256.clone()).digest();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("Java's own SHA-256 can be copied", e);
    }
  }

  private void flush(Kind kind) throws IOException {
    if (pending.size() > 0) {
      byte[] raw = pending.toByteArray();
      pending.reset();
      block(kind, raw);
    }
  }

  private void block(Kind kind, byte[] raw) throws IOException {
    byte[] packed = Zstd.compress(raw, LEVEL);
    byte[] head =
        ByteBuffer.allocate(ExportFormat.BLOCK_HEAD)
            .put(kind.code())
            .putInt(raw.length)
            .putInt(packed.length)
            .array();
    put(head);
    put(packed);
    put(ByteBuffer.allocate(4).putInt(ExportFormat.crc(head, packed)).array());
    blocks++;
  }

  private void put(byte[] bytes) throws IOException {
    sha256.update(bytes);
    out.write(bytes);
  }

  /// Cuts a state into blocks while it is written.
  private final class Pieces extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      pending.write(bytes, from, length);
      if (pending.size() >= BLOCK_BYTES) {
        ExportWriter.this.flush(Kind.STATE);
      }
    }
  }
}
