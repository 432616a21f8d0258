package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.SessionImage;
import dev.planaria.engine.journal.PendingEntry;
import dev.planaria.engine.state.Operation;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// An operation that was decided and is on its way to disk, together with the state that it leads
/// to.
final class PendingOperation implements PendingEntry {

  private final LiveSession session;
  private final int generation;
  private final byte[] bytes;
  private final SessionImage after;
  private final Operation operation;
  private final String operationId;
  private final long timeMillis;
  private final CompletableFuture<Committed> acknowledged = new CompletableFuture<>();
  private volatile boolean onDisk;

  /// @param after the session once the operation is applied
  /// @param generation the session's, when the operation was decided
  PendingOperation(
      LiveSession session, int generation, byte[] bytes, SessionImage after, Decided decided) {
    this.session = session;
    this.generation = generation;
    this.bytes = bytes;
    this.after = after;
    this.operation = decided.operation();
    this.operationId = decided.operationId();
    this.timeMillis = decided.timeMillis();
  }

  /// What was decided.
  record Decided(Operation operation, String operationId, long timeMillis) {}

  /// Waits until the operation is on disk. Those who gave up waiting were told that nobody knows;
  /// once it is on disk after all, everybody else is told so.
  ///
  /// @throws StoreUnavailable when it was not applied
  /// @throws OutcomeUnknown when nobody can tell yet
  Committed await() {
    session.threads().await(acknowledged);
    if (onDisk) {
      return acknowledgement();
    }
    try {
      return acknowledged.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  @Override
  public void giveUpWaiting(RuntimeException reason) {
    acknowledged.completeExceptionally(new OutcomeUnknown(operationId, reason));
  }

  @Override
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public boolean isCurrent() {
    return session.generation() == generation;
  }

  @Override
  public void committed(long frameId, int offset) {
    session.committed(after, frameId, offset, bytes.length, timeMillis);
    onDisk = true;
  }

  @Override
  public void acknowledge() {
    acknowledged.complete(acknowledgement());
  }

  private Committed acknowledgement() {
    return new Committed(after.head(), operationId, operation, timeMillis, false);
  }

  @Override
  public void rejected(RuntimeException reason) {
    acknowledged.completeExceptionally(
        new StoreUnavailable(
            "the store took no write, so nothing was changed; repeat when it is well again: "
                + reason.getMessage(),
            reason));
    session.finished();
  }

  @Override
  public void unknown(RuntimeException reason) {
    acknowledged.completeExceptionally(new OutcomeUnknown(operationId, reason));
    session.finished();
  }

  @Override
  public void takeBack() {
    session.takeBack();
  }
}
