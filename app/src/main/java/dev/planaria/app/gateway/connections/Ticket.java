package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.upstreams.RawAnswer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A recorded call for whose answer somebody waits. Thread-safe.
final class Ticket {
  private final Ask ask;
  private final CompletableFuture<RawAnswer> answer = new CompletableFuture<>();
  private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.ARRIVED);

  /// Where the call stands.
  private enum Stage {
    ARRIVED,
    WAITING,
    RUNNING
  }

  Ticket(Ask ask) {
    this.ask = ask;
  }

  Ask ask() {
    return ask;
  }

  /// It is written down as one that waits. Whoever sends it may have begun already.
  void queued() {
    stage.compareAndSet(Stage.ARRIVED, Stage.WAITING);
  }

  boolean isWaiting() {
    return stage.get() == Stage.WAITING;
  }

  /// The server is at it from now on: said before that is written down.
  void running() {
    stage.set(Stage.RUNNING);
  }

  /// The server is not at it any more.
  void stopped() {
    stage.set(Stage.WAITING);
  }

  boolean isRunning() {
    return stage.get() == Stage.RUNNING;
  }

  void answer(RawAnswer given) {
    answer.complete(given);
  }

  /// The answer; null when there is none in time.
  @Nullable RawAnswer await(long timeoutMillis) throws InterruptedException {
    try {
      return answer.get(timeoutMillis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return null;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a ticket is always answered", e);
    }
  }
}
