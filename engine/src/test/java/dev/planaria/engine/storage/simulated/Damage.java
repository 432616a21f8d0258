package dev.planaria.engine.storage.simulated;

import dev.planaria.engine.checkpoint.CheckpointBody;
import dev.planaria.engine.checkpoint.CheckpointCodec;
import dev.planaria.engine.checkpoint.CheckpointContent;
import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.checkpoint.CheckpointLoader;
import dev.planaria.engine.checkpoint.CheckpointShelf;
import dev.planaria.engine.checkpoint.SessionImage;
import dev.planaria.engine.checkpoint.StoredCheckpoint;
import dev.planaria.engine.journal.EntryCodec;
import dev.planaria.engine.journal.Frame;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Damages what lies on a [SimulatedDisk].
public final class Damage {

  private final SimulatedDisk disk;

  public Damage(SimulatedDisk disk) {
    this.disk = disk;
  }

  /// Flips a bit in the newest checkpoints of a session. Returns how many there were to damage.
  public int flipCheckpoints(SessionId session, int newest) {
    List<StoredCheckpoint> found = checkpoints(session);
    int flipped = 0;
    for (StoredCheckpoint one : found.subList(0, Math.min(newest, found.size()))) {
      byte[] body = one.body().clone();
      body[body.length / 2] ^= 1;
      put(new StoredCheckpoint(one.info(), one.hash(), one.sha256(), body));
      flipped++;
    }
    return flipped;
  }

  /// Replaces the state in the newest checkpoint of a session, with checksums that hold.
  public void alterCheckpoint(SessionId session, UnaryOperator<SessionState> change) {
    StoredCheckpoint newest = checkpoints(session).getFirst();
    CheckpointContent content = new CheckpointLoader(shelf()).load(newest.info()).content();
    SessionImage image = content.image();
    var altered =
        new CheckpointContent(
            new SessionImage(change.apply(image.state()), image.seq(), image.hash()),
            content.operations(),
            content.forgottenBeforeMillis());
    put(
        SimulatedDisk.verified(
            CheckpointCodec.encode(newest.info(), new CheckpointBody.Full(altered))));
  }

  private CheckpointShelf shelf() {
    return new CheckpointShelf() {
      @Override
      public List<CheckpointInfo> checkpoints(SessionId session) {
        return Damage.this.checkpoints(session).stream().map(StoredCheckpoint::info).toList();
      }

      @Override
      public Optional<StoredCheckpoint> checkpoint(String id) {
        return Optional.ofNullable(disk.checkpoints.get(id));
      }
    };
  }

  /// Removes all checkpoints of a session.
  public void dropCheckpoints(SessionId session) {
    disk.checkpoints.values().removeIf(one -> one.info().sessionId().equals(session));
  }

  /// Flips a bit in the body of a session's operation. False when it is not in the journal.
  public boolean flipOperation(SessionId session, long seq) {
    for (Map.Entry<Long, byte[]> frame : disk.frames.entrySet()) {
      int offset = Frame.HEADER_BYTES;
      byte[] bytes = frame.getValue();
      while (offset < bytes.length - 4) {
        int length = EntryCodec.lengthAt(bytes, offset);
        if (EntryCodec.belongsTo(session, bytes, offset)
            && java.nio.ByteBuffer.wrap(bytes).getLong(offset + 21) == seq) {
          disk.flip(frame.getKey(), offset + length - 40);
          return true;
        }
        offset += length;
      }
    }
    return false;
  }

  /// The checkpoints of a session, newest first.
  public List<StoredCheckpoint> checkpoints(SessionId session) {
    var found = new ArrayList<StoredCheckpoint>();
    for (StoredCheckpoint one : disk.checkpoints.values()) {
      if (one.info().sessionId().equals(session)) {
        found.add(one);
      }
    }
    found.sort(Comparator.comparingLong((StoredCheckpoint one) -> one.info().seq()).reversed());
    return found;
  }

  private void put(StoredCheckpoint checkpoint) {
    disk.checkpoints.put(checkpoint.info().id(), checkpoint);
  }
}
