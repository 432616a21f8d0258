package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.upstreams.RawAnswer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A recorded call for whose answer somebody waits. Thread-safe.
final class Ticket {
  private final Ask ask;
  private final CompletableFuture<RawAnswer> answer = new CompletableFuture<>();
  private volatile boolean running;

  Ticket(Ask ask) {
    this.ask = ask;
  }

  Ask ask() {
    return ask;
  }

  /// Says whether the server is at it.
  void running(boolean now) {
    running = now;
  }

  boolean isRunning() {
    return running;
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
