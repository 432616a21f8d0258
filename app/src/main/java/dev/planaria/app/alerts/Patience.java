package dev.planaria.app.alerts;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Does what a disk may never answer, on threads of its own, and waits for it no longer than a
/// limit. What hangs is left alone, and until it comes back nothing of its kind is begun: a disk
/// that hangs holds one thread for each kind, whoever asks how often. Thread-safe.
public final class Patience {
  /// A disk that is well answers within milliseconds, and under load within a second. Less than the
  /// time between two turns of monitoring, and so much less than the 15 s after which the front
  /// ends a silent worker that the alert is told before.
  public static final long LIMIT_MILLIS = 3_000;

  private final long limitMillis;
  private final Wait wait;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("patience-", 0).factory());
  // Guarded by this.
  private final Map<String, Turn<?>> running = new HashMap<>();

  /// What became of something that was waited for.
  public sealed interface Outcome<T> {
    /// It was done.
    ///
    /// @param value what it came to
    record Done<T>(T value) implements Outcome<T> {}

    /// It was not done.
    ///
    /// @param reason why
    record Failed<T>(Exception reason) implements Outcome<T> {}

    /// Nobody knows: it is still being done, or something of its kind is.
    ///
    /// @param limitMillis how long was waited
    record Hanging<T>(long limitMillis) implements Outcome<T> {}
  }

  /// How one waits. Thread-safe.
  public interface Wait {
    /// Returns when the work is done or the time is over.
    ///
    /// @param kind of the work
    /// @return whether it is done
    boolean isDone(String kind, CompletableFuture<?> work, long atMostMillis);
  }

  private record Turn<T>(CompletableFuture<Outcome<T>> done, CompletableFuture<Boolean> overdue) {
    Turn() {
      this(new CompletableFuture<>(), new CompletableFuture<>());
    }
  }

  /// Waits as long as [#LIMIT_MILLIS], by the machine's clock.
  public Patience() {
    this(LIMIT_MILLIS, Patience::isDoneInTime);
  }

  /// @param limitMillis how long is waited for one thing
  /// @param wait how
  public Patience(long limitMillis, Wait wait) {
    this.limitMillis = limitMillis;
    this.wait = wait;
  }

  /// Does something and waits for it. Of one kind, one thing is done at a time.
  ///
  /// @param kind of what is done; there are few
  public <T> Outcome<T> await(String kind, Callable<T> work) {
    var own = new Turn<T>();
    for (Turn<?> before = take(kind, own); before != null; before = take(kind, own)) {
      if (!isDone(kind, before)) {
        return new Outcome.Hanging<>(limitMillis);
      }
    }
    begin(kind, own, work);
    return isDone(kind, own) ? own.done().join() : new Outcome.Hanging<>(limitMillis);
  }

  /// Without a thread nothing hangs: it has failed, and the next one may be tried.
  private <T> void begin(String kind, Turn<T> own, Callable<T> work) {
    boolean begun = false;
    try {
      threads.execute(() -> run(kind, own, work));
      begun = true;
    } finally {
      if (!begun) {
        leave(kind, own);
        own.done()
            .complete(new Outcome.Failed<>(new IllegalStateException("there is no thread for it")));
      }
    }
  }

  private synchronized @Nullable Turn<?> take(String kind, Turn<?> own) {
    return running.putIfAbsent(kind, own);
  }

  private synchronized void leave(String kind, Turn<?> own) {
    running.remove(kind, own);
  }

  /// One that somebody has waited for in vain is waited for by nobody else.
  private boolean isDone(String kind, Turn<?> turn) {
    if (turn.done().isDone()) {
      return true;
    }
    if (!turn.overdue().isDone() && wait.isDone(kind, turn.done(), limitMillis)) {
      return true;
    }
    turn.overdue().complete(true);
    return false;
  }

  private <T> void run(String kind, Turn<T> own, Callable<T> work) {
    Outcome<T> outcome = new Outcome.Failed<>(new IllegalStateException("it broke"));
    try {
      outcome = new Outcome.Done<>(work.call());
    } catch (Exception e) {
      outcome = new Outcome.Failed<>(e);
    } finally {
      leave(kind, own); // before anybody is told: who is told may begin the next
      own.done().complete(outcome);
    }
  }

  private static boolean isDoneInTime(String kind, CompletableFuture<?> work, long atMostMillis) {
    try {
      var _ = work.get(atMostMillis, TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException e) {
      return true; // done, if badly: who asks for its outcome is told
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
