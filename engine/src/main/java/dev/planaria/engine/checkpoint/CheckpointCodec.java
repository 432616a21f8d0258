package dev.planaria.engine.checkpoint;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.StateCodec;
import dev.planaria.engine.state.UndecodableException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Checkpoints to bytes and back: the state as JSON and the remembered operations packed,
/// compressed together with Zstandard at level 1 (its fastest; a checkpoint is written often and
/// read rarely).
///
/// Layout before compression, big-endian: version (1), seq (8), hash (32), forgotten-before (8),
/// number of operations (4), the operations (40 each), length of the state (4), the state.
public final class CheckpointCodec {

  private static final int LEVEL = 1;
  private static final byte VERSION = 1;
  private static final int HEADER = 1 + 8 + Hash.BYTES + 8 + 4;
  private static final int OPERATION = 5 * 8;

  /// Nothing that was written is larger; what claims to be is damaged, and must not be believed.
  private static final long MAX_BYTES = 1L << 30;

  private CheckpointCodec() {}

  /// The compressed form.
  public static byte[] encode(CheckpointContent content) {
    byte[] state = StateCodec.encode(content.image().state());
    int operations = content.operations().size();
    ByteBuffer out = ByteBuffer.allocate(HEADER + operations * OPERATION + 4 + state.length);
    out.put(VERSION).putLong(content.image().seq());
    content.image().hash().writeTo(out);
    out.putLong(content.forgottenBeforeMillis()).putInt(operations);
    for (RememberedOperation operation : content.operations()) {
      out.putLong(operation.key().high()).putLong(operation.key().low());
      out.putLong(operation.commandDigest()).putLong(operation.seq());
      out.putLong(operation.timeMillis());
    }
    out.putInt(state.length).put(state);
    return Zstd.compress(out.array(), LEVEL);
  }

  /// Reads a checkpoint, after checking its SHA-256.
  ///
  /// @throws DamagedException when it is not what was written
  public static CheckpointContent decode(StoredCheckpoint checkpoint) {
    if (!Hash.sha256(checkpoint.body()).equals(checkpoint.sha256())) {
      throw new DamagedException(
          "the SHA-256 of checkpoint " + checkpoint.info().id() + " does not hold");
    }
    try {
      return decode(decompress(checkpoint.body()));
    } catch (UndecodableException | java.nio.BufferUnderflowException | ZstdException e) {
      throw new DamagedException(
          "checkpoint " + checkpoint.info().id() + " cannot be read: " + e.getMessage());
    }
  }

  private static byte[] decompress(byte[] body) {
    long size = Zstd.getFrameContentSize(body);
    if (size < 0 || size > MAX_BYTES) {
      throw new DamagedException("a checkpoint claims a size of " + size + " bytes");
    }
    return Zstd.decompress(body, (int) size);
  }

  private static CheckpointContent decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    byte version = in.get();
    if (version != VERSION) {
      throw new DamagedException("a checkpoint has version " + version);
    }
    long seq = in.getLong();
    Hash hash = Hash.readFrom(in);
    long forgottenBefore = in.getLong();
    int count = in.getInt();
    if (count < 0 || count > in.remaining() / OPERATION) {
      throw new DamagedException("a checkpoint claims " + count + " operations");
    }
    List<RememberedOperation> operations = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      var key = new OperationKey(in.getLong(), in.getLong());
      operations.add(new RememberedOperation(key, in.getLong(), in.getLong(), in.getLong()));
    }
    byte[] state = new byte[Math.clamp(in.getInt(), 0, in.remaining())];
    in.get(state);
    SessionState decoded = StateCodec.decode(state);
    return new CheckpointContent(new SessionImage(decoded, seq, hash), operations, forgottenBefore);
  }
}
