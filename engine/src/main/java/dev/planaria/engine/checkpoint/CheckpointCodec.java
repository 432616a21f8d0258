package dev.planaria.engine.checkpoint;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.planaria.engine.checkpoint.CheckpointInfo.Kind;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.json.JsonSyntaxException;
import dev.planaria.engine.state.StateCodec;
import dev.planaria.engine.state.StateDeltaCodec;
import dev.planaria.engine.state.UndecodableException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

/// Checkpoints to bytes and back, compressed with Zstandard at level 1 (its fastest; a checkpoint
/// is written often and read rarely).
///
/// Layout before compression, big-endian: length of the head (4), the head ([CheckpointHead],
/// JSON), number of operations (4), the operations (40 bytes each: a session may remember 100,000
/// of them), length of the state (4), the state or what changed in it (JSON). The SHA-256 that is
/// kept beside a checkpoint is over the compressed bytes.
public final class CheckpointCodec {

  private static final int LEVEL = 1;

  /// Nothing that was written is larger; what claims to be is damaged, and must not be believed.
  private static final long MAX_BYTES = 1L << 30;

  private CheckpointCodec() {}

  /// The compressed form of a checkpoint, with its SHA-256.
  ///
  /// @param info what the checkpoint says of itself; its kind, parent, seq and size are taken from
  ///   the body
  public static StoredCheckpoint encode(CheckpointInfo info, CheckpointBody body) {
    CheckpointHead head = CheckpointHead.of(info, body);
    byte[] headBytes = head.encode();
    byte[] state =
        switch (body) {
          case CheckpointBody.Full full -> StateCodec.encode(full.content().image().state());
          case CheckpointBody.Incremental incremental ->
              StateDeltaCodec.encode(incremental.delta().state());
        };
    OperationList operations =
        OperationList.copyOf(
            switch (body) {
              case CheckpointBody.Full full -> full.content().operations();
              case CheckpointBody.Incremental incremental -> incremental.delta().operations();
            });
    ByteBuffer out =
        ByteBuffer.allocate(
            4 + headBytes.length + 4 + operations.size() * OperationList.BYTES + 4 + state.length);
    out.putInt(headBytes.length).put(headBytes).putInt(operations.size());
    operations.writeTo(out);
    out.putInt(state.length).put(state);
    byte[] bytes = Zstd.compress(out.array(), LEVEL);
    var full =
        new CheckpointInfo(
            info.id(),
            info.sessionId(),
            head.parent() == null ? null : head.parent().id(),
            head.parent() == null ? Kind.FULL : Kind.INCREMENTAL,
            body.seq(),
            info.createdAtMillis(),
            info.label(),
            bytes.length,
            false);
    return new StoredCheckpoint(full, body.hash(), Hash.sha256(bytes), bytes);
  }

  /// Reads a full checkpoint. One that may be incremental is put together by [CheckpointLoader].
  ///
  /// @throws DamagedException when it is not what was written, or is incremental
  public static CheckpointContent decode(StoredCheckpoint checkpoint) {
    return switch (read(checkpoint)) {
      case CheckpointBody.Full full -> full.content();
      case CheckpointBody.Incremental incremental ->
          throw new DamagedException(
              "checkpoint "
                  + checkpoint.info().id()
                  + " holds changes to checkpoint "
                  + incremental.parent().id()
                  + " and cannot be read alone");
    };
  }

  /// Reads a checkpoint, after checking its SHA-256 and that it is the one that its row describes.
  ///
  /// @throws DamagedException when it is not what was written
  public static CheckpointBody read(StoredCheckpoint checkpoint) {
    String id = checkpoint.info().id();
    requireIntact(checkpoint);
    try {
      ByteBuffer in = ByteBuffer.wrap(decompress(checkpoint.body()));
      CheckpointHead head = CheckpointHead.decode(piece(in));
      List<RememberedOperation> operations = operations(in);
      byte[] state = piece(in);
      if (in.hasRemaining()) {
        throw new DamagedException("checkpoint " + id + " goes on behind its end");
      }
      CheckpointBody body = body(head, operations, state);
      if (!head.describes(checkpoint) || !Objects.equals(body.hash(), checkpoint.hash())) {
        throw new DamagedException("checkpoint " + id + " is not the one that its row describes");
      }
      return body;
    } catch (UndecodableException
        | JsonSyntaxException
        | IllegalArgumentException
        | ArithmeticException
        | java.nio.BufferUnderflowException
        | ZstdException e) {
      throw new DamagedException("checkpoint " + id + " cannot be read: " + e.getMessage());
    }
  }

  /// Checks a checkpoint's SHA-256 alone.
  ///
  /// @throws DamagedException when it does not hold
  public static void requireIntact(StoredCheckpoint checkpoint) {
    if (!Hash.sha256(checkpoint.body()).equals(checkpoint.sha256())) {
      throw new DamagedException(
          "the SHA-256 of checkpoint " + checkpoint.info().id() + " does not hold");
    }
  }

  private static CheckpointBody body(
      CheckpointHead head, List<RememberedOperation> operations, byte[] state) {
    CheckpointBody.Parent parent = head.parent();
    if (parent == null) {
      var image = new SessionImage(StateCodec.decode(state), head.seq(), head.hash());
      return new CheckpointBody.Full(
          new CheckpointContent(image, operations, head.forgottenBeforeMillis()));
    }
    return new CheckpointBody.Incremental(
        parent,
        new CheckpointDelta(
            StateDeltaCodec.decode(state),
            head.seq(),
            head.hash(),
            head.forgottenBeforeMillis(),
            head.rememberedFromSeq(),
            operations));
  }

  private static byte[] decompress(byte[] body) {
    long size = Zstd.getFrameContentSize(body);
    if (size < 0 || size > MAX_BYTES) {
      throw new DamagedException("a checkpoint claims a size of " + size + " bytes");
    }
    return Zstd.decompress(body, (int) size);
  }

  private static byte[] piece(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new DamagedException("a part of a checkpoint claims " + length + " bytes");
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private static List<RememberedOperation> operations(ByteBuffer in) {
    int count = in.getInt();
    if (count < 0 || count > in.remaining() / OperationList.BYTES) {
      throw new DamagedException("a checkpoint claims " + count + " operations");
    }
    return OperationList.readFrom(in, count);
  }
}
