package dev.planaria.engine.storage;

import dev.planaria.engine.checkpoint.CheckpointBody;
import dev.planaria.engine.checkpoint.CheckpointCodec;
import dev.planaria.engine.checkpoint.CheckpointContent;
import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.checkpoint.CheckpointLoader;
import dev.planaria.engine.checkpoint.CheckpointShelf;
import dev.planaria.engine.checkpoint.SessionImage;
import dev.planaria.engine.checkpoint.StoredCheckpoint;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// What lies in a store that nobody serves, to be changed by a test; whatever the store keeps
/// beside a value to check it by is made right, so that only what is meant to be wrong is wrong.
public interface StoredBytes {

  /// Opens the store as a process does.
  Store open();

  /// Frames that are not in the archive; changing the map changes nothing.
  NavigableMap<Long, byte[]> frames();

  /// Stores frames as they are given; an empty one is removed.
  void putFrames(NavigableMap<Long, byte[]> changed);

  /// The checkpoints of a session, newest first.
  List<StoredCheckpoint> checkpoints(SessionId session);

  /// Stores a checkpoint as verified.
  void putCheckpoint(StoredCheckpoint checkpoint);

  /// Removes a checkpoint.
  void dropCheckpoint(String id);

  /// Flips a bit in the middle of a stored checkpoint.
  default void flip(StoredCheckpoint checkpoint) {
    byte[] body = checkpoint.body().clone();
    body[body.length / 2] ^= 1;
    putCheckpoint(
        new StoredCheckpoint(checkpoint.info(), checkpoint.hash(), checkpoint.sha256(), body));
  }

  /// Puts other bytes in the place of a checkpoint's, with a SHA-256 that holds.
  default void replace(StoredCheckpoint checkpoint, byte[] body) {
    CheckpointInfo info = checkpoint.info();
    var sized =
        new CheckpointInfo(
            info.id(),
            info.sessionId(),
            info.parentId(),
            info.kind(),
            info.seq(),
            info.createdAtMillis(),
            info.label(),
            body.length,
            true);
    putCheckpoint(new StoredCheckpoint(sized, checkpoint.hash(), Hash.sha256(body), body));
  }

  /// Replaces the state in the newest checkpoint of a session.
  default void alterState(SessionId session, UnaryOperator<SessionState> change) {
    StoredCheckpoint newest = checkpoints(session).getFirst();
    CheckpointContent content = new CheckpointLoader(shelf()).load(newest.info()).content();
    SessionImage image = content.image();
    var altered =
        new CheckpointContent(
            new SessionImage(change.apply(image.state()), image.seq(), image.hash()),
            content.operations(),
            content.forgottenBeforeMillis());
    putCheckpoint(CheckpointCodec.encode(newest.info(), new CheckpointBody.Full(altered)));
  }

  private CheckpointShelf shelf() {
    return new CheckpointShelf() {
      @Override
      public List<CheckpointInfo> checkpoints(SessionId session) {
        return StoredBytes.this.checkpoints(session).stream().map(StoredCheckpoint::info).toList();
      }

      @Override
      public Optional<StoredCheckpoint> checkpoint(String id) {
        return StoredBytes.this.checkpoint(id);
      }
    };
  }

  /// A checkpoint by its id.
  Optional<StoredCheckpoint> checkpoint(String id);
}
