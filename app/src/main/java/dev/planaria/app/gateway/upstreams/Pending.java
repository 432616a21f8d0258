package dev.planaria.app.gateway.upstreams;

import dev.planaria.app.gateway.wire.RawObject;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/// A request that waits for its answer. Thread-safe.
final class Pending {
  private final UpstreamRequest request;
  private final long id;
  private final RawObject params;
  private final CompletableFuture<RawAnswer> outcome = new CompletableFuture<>();
  private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.UNSENT);

  /// Where the request stands. Once it is over, its sender must not begin any more, since somebody
  /// was told already that no byte has left.
  private enum Stage {
    UNSENT,
    SENT,
    OVER_UNSENT,
    OVER_SENT
  }

  /// @param params as they go over the wire
  Pending(UpstreamRequest request, long id, RawObject params) {
    this.request = request;
    this.id = id;
    this.params = params;
  }

  UpstreamRequest request() {
    return request;
  }

  long id() {
    return id;
  }

  RawObject params() {
    return params;
  }

  /// To be asked before the first byte leaves; false when the request is over and must not be sent.
  boolean beginSending() {
    return stage.updateAndGet(old -> old == Stage.UNSENT ? Stage.SENT : old) == Stage.SENT;
  }

  /// To be called when the first write failed as a whole, so that no byte has left after all.
  void nothingSent() {
    stage.compareAndSet(Stage.SENT, Stage.UNSENT);
  }

  /// Decides what is known of a request that is over.
  Sent end() {
    Stage last =
        stage.updateAndGet(old ->
            switch (old) {
              case UNSENT, OVER_UNSENT -> Stage.OVER_UNSENT;
              case SENT, OVER_SENT -> Stage.OVER_SENT;
            });
    return last == Stage.OVER_SENT ? Sent.MAYBE_SENT : Sent.NEVER_SENT;
  }

  boolean wasAnswered() {
    return outcome.isDone() && !outcome.isCompletedExceptionally();
  }

  boolean isDone() {
    return outcome.isDone();
  }

  /// Runs an action when there is an outcome, or now when there is one already.
  void whenDone(Runnable action) {
    var _ = outcome.whenComplete((_, _) -> action.run());
  }

  void answer(RawAnswer answer) {
    end();
    outcome.complete(answer);
  }

  /// The connection failed; what is known of the request is what it says of itself.
  void fail(Trouble trouble) {
    fail(new UpstreamBroken(trouble, end()));
  }

  void fail(RequestFailed failure) {
    end();
    outcome.completeExceptionally(failure);
  }

  /// Waits for the outcome.
  ///
  /// @throws TimeoutException when there is none in time
  RawAnswer await(long timeoutMillis) throws RequestFailed, InterruptedException, TimeoutException {
    try {
      return outcome.get(timeoutMillis, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RequestFailed failure) {
        throw failure;
      }
      throw new IllegalStateException("a request can end in no other way", e);
    }
  }
}
