package dev.planaria.chaos.experiment;

import dev.planaria.chaos.client.LinkLost;
import dev.planaria.chaos.client.McpClient;
import dev.planaria.chaos.server.Told;
import dev.planaria.chaos.server.Told.Ending;
import dev.planaria.chaos.server.Told.Kind;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Callers of a [dev.planaria.chaos.server.DiaryServer] behind Planaria, each with one call after
/// the other. A call that gets no answer is sent again under its operation id; one that is queued
/// is asked for until it is settled. Thread-safe.
final class DiaryCallers implements AutoCloseable {
  private static final String OPERATION_ID = "dev.planaria/operationId";
  private static final String NOTICE = "NOTE from Planaria";
  private static final String OUTCOME = "dev.planaria/outcome";
  private static final long AGAIN_MILLIS = 100;
  private static final long PAUSE_MILLIS = 10;

  private final McpClient client;
  private final LongSupplier nanoTime;
  private final long callMillis;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition noted = lock.newCondition();
  private final List<Told> told = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch running;
  private boolean held;
  private int underWay;
  private long done;
  private long sentOfNewest = Long.MIN_VALUE;
  private volatile boolean over;
  private volatile boolean lossTold;

  /// Begins.
  ///
  /// @param callMillis a call that is not settled after so long is stuck
  DiaryCallers(McpClient client, int callers, long seed, LongSupplier nanoTime, long callMillis) {
    this.client = client;
    this.nanoTime = nanoTime;
    this.callMillis = callMillis;
    this.running = new CountDownLatch(callers);
    var random = new SplittableRandom(seed);
    for (int i = 0; i < callers; i++) {
      int number = i;
      SplittableRandom own = random.split();
      threads.add(Thread.ofVirtual().name("caller-" + i).start(() -> work(number, own)));
    }
  }

  private void work(int caller, SplittableRandom random) {
    try {
      for (int i = 0; !over; i++) {
        boolean adds = random.nextInt(3) == 0;
        enter();
        try {
          call(caller, "diary-" + caller + "-" + i, adds ? Kind.ADD : Kind.EFFECT);
        } finally {
          leave();
        }
        var _ = new CountDownLatch(1).await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    } finally {
      running.countDown();
    }
  }

  private void enter() throws InterruptedException {
    lock.lock();
    try {
      while (held && !over) {
        noted.await();
      }
      underWay++;
    } finally {
      lock.unlock();
    }
  }

  private void leave() {
    lock.lock();
    try {
      underWay--;
      noted.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Begins no other call until [#goOn], and waits for those that are under way.
  ///
  /// @return false when some have not ended after that time
  boolean pause(long timeoutMillis) throws InterruptedException {
    long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    lock.lock();
    try {
      held = true;
      while (underWay > 0 && left > 0) {
        left = noted.awaitNanos(left);
      }
      return underWay == 0;
    } finally {
      lock.unlock();
    }
  }

  /// Goes on after [#pause].
  void goOn() {
    lock.lock();
    try {
      held = false;
      noted.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void call(int caller, String operationId, Kind kind) throws InterruptedException {
    long amount = kind == Kind.ADD ? 1 : 0;
    long sent = nanoTime.getAsLong();
    Ending ending = ask(params(operationId, kind, amount), sent);
    note(new Told(caller, operationId, kind, amount, ending), sent);
  }

  private static JsonObject params(String operationId, Kind kind, long amount) {
    return JsonObject.builder()
        .put("name", kind == Kind.ADD ? "add" : "effect")
        .put(
            "arguments",
            kind == Kind.ADD
                ? JsonObject.builder().put("n", JsonNumber.of(amount)).build()
                : JsonObject.builder().put("name", operationId).build())
        .put("_meta", JsonObject.builder().put(OPERATION_ID, operationId).build())
        .build();
  }

  private Ending ask(JsonObject params, long sent) throws InterruptedException {
    long deadline = sent + TimeUnit.MILLISECONDS.toNanos(callMillis);
    while (nanoTime.getAsLong() - deadline < 0) {
      try {
        JsonObject answer = client.request("tools/call", params);
        lossTold |= Json.write(answer).contains(NOTICE);
        Ending ending = ending(answer);
        if (ending != null) {
          return ending;
        }
      } catch (LinkLost lost) {
        return Ending.NO_ANSWER;
      } catch (IOException unanswered) {
        // It is asked again below, under the same operation id.
      }
      var _ = new CountDownLatch(1).await(AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }
    return Ending.NO_ANSWER;
  }

  /// What an answer says; null when it settles nothing.
  private static @Nullable Ending ending(JsonObject answer) {
    if (!(answer.get("result") instanceof JsonObject result)) {
      return null;
    }
    if (result.get("_meta") instanceof JsonObject meta
        && meta.get(OUTCOME) instanceof JsonString(String outcome)) {
      return switch (outcome) {
        case "unknown", "sent" -> Ending.UNKNOWN;
        case "queued" -> null;
        default -> Ending.NOT_RUN;
      };
    }
    return JsonBoolean.of(true).equals(result.get("isError")) ? Ending.NOT_RUN : Ending.DONE;
  }

  private void note(Told one, long sent) {
    lock.lock();
    try {
      told.add(one);
      if (one.ending() == Ending.DONE) {
        done++;
        sentOfNewest = Math.max(sentOfNewest, sent);
      }
      noted.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// All that was told so far; each caller's in its order.
  List<Told> told() {
    lock.lock();
    try {
      return List.copyOf(told);
    } finally {
      lock.unlock();
    }
  }

  /// True when somebody was told that something in the server's memory is lost.
  boolean wasLossTold() {
    return lossTold;
  }

  /// Waits until so many more calls are done.
  ///
  /// @return false when they are not after that time
  boolean awaitDone(long more, long timeoutMillis) throws InterruptedException {
    long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    lock.lock();
    try {
      long wanted = done + more;
      while (done < wanted && left > 0) {
        left = noted.awaitNanos(left);
      }
      return done >= wanted;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for a call that was sent after that moment and is done.
  ///
  /// @return false when there is none after that time
  boolean awaitDoneSentAfter(long nanos, long timeoutMillis) throws InterruptedException {
    long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    lock.lock();
    try {
      while (sentOfNewest - nanos <= 0 && left > 0) {
        left = noted.awaitNanos(left);
      }
      return sentOfNewest - nanos > 0;
    } finally {
      lock.unlock();
    }
  }

  /// Begins no other call, and waits for those that are under way.
  ///
  /// @return false when some have not ended after that time
  boolean finish(long timeoutMillis) throws InterruptedException {
    over = true;
    goOn();
    return running.await(timeoutMillis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    over = true;
    threads.forEach(Thread::interrupt);
  }
}
