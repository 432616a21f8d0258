package dev.planaria.engine.storage;

import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.checkpoint.StoredCheckpoint;
import dev.planaria.engine.journal.Frame;
import dev.planaria.engine.journal.FrameHead;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.archive.FrameArchive;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/// A store to which something happens before it tells the checkpoints of a session.
///
/// @param store the store itself
/// @param before is handed the session; may wait, and may throw
public record HeldStore(Store store, Consumer<SessionId> before) implements Store {

  /// Whoever asks for the checkpoints of some sessions waits.
  ///
  /// @param held the sessions
  /// @param reached opened when the first of them is asked for
  /// @param release lets everybody go on
  public static Consumer<SessionId> hold(
      Set<SessionId> held, CountDownLatch reached, CountDownLatch release) {
    return asked -> {
      if (held.contains(asked)) {
        reached.countDown();
        try {
          release.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    };
  }

  @Override
  public List<CheckpointInfo> checkpoints(SessionId sessionId) {
    before.accept(sessionId);
    return store.checkpoints(sessionId);
  }

  @Override
  public StoreMarks marks() {
    return store.marks();
  }

  @Override
  public FrameArchive archive() {
    return store.archive();
  }

  @Override
  public void saveCheckpoint(StoredCheckpoint checkpoint) {
    store.saveCheckpoint(checkpoint);
  }

  @Override
  public void markVerified(List<String> checkpointIds, SessionRow row, FrameSpans entries) {
    store.markVerified(checkpointIds, row, entries);
  }

  @Override
  public void deleteCheckpoints(List<String> checkpointIds) {
    store.deleteCheckpoints(checkpointIds);
  }

  @Override
  public void moveLowWater(FrameHead lowWater) {
    store.moveLowWater(lowWater);
  }

  @Override
  public void saveRecoveries(List<StoredRecovery> records) {
    store.saveRecoveries(records);
  }

  @Override
  public void markClosed() {
    store.markClosed();
  }

  @Override
  public List<SessionId> sessions(Consumer<SessionRow> visitor) {
    return store.sessions(visitor);
  }

  @Override
  public Optional<FrameSpans> spansHolding(SessionId sessionId, long seq) {
    return store.spansHolding(sessionId, seq);
  }

  @Override
  public List<String> recoveries(Optional<SessionId> sessionId, int limit) {
    return store.recoveries(sessionId, limit);
  }

  @Override
  public RecoveryPage recoveries(long sinceMillis, RecoveryPage.Place before, int limit) {
    return store.recoveries(sinceMillis, before, limit);
  }

  @Override
  public List<String> check() {
    return store.check();
  }

  @Override
  public long logBytes() {
    return store.logBytes();
  }

  @Override
  public long bytesOnDisk() {
    return store.bytesOnDisk();
  }

  @Override
  public Optional<StoredCheckpoint> checkpoint(String checkpointId) {
    return store.checkpoint(checkpointId);
  }

  @Override
  public void append(Frame frame) {
    store.append(frame);
  }

  @Override
  public FrameHead head() {
    return store.head();
  }

  @Override
  public void sync() {
    store.sync();
  }

  @Override
  public void reopen() {
    store.reopen();
  }

  @Override
  public void scan(long afterFrameId, FrameVisitor visitor) {
    store.scan(afterFrameId, visitor);
  }

  @Override
  public byte[] slice(long frameId, int from, int to) {
    return store.slice(frameId, from, to);
  }

  @Override
  public void tidy() {
    store.tidy();
  }

  @Override
  public void close() {
    store.close();
  }
}
