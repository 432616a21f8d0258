package dev.planaria.chaos.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Virtual time, and who goes on in it. Whatever runs is a piece of work with a thread of its own,
/// of which one alone runs at any time: until it waits here. Then it is drawn by lot who goes on
/// next, among those that have nothing to wait for; when nobody has, time passes.
///
/// So everything follows from the seed, as long as work waits for other work nowhere else, and has
/// no clock and no randomness but those that it is given. All methods are for the thread that runs,
/// or for whoever calls [#run].
public final class Turns {

  private static final long FOR_EVER = Long.MAX_VALUE;

  private final SplittableRandom lot;
  private final Semaphore back = new Semaphore(0);
  private final List<Work> works = new ArrayList<>();
  private final List<Work> ready = new ArrayList<>();
  private final Consumer<Throwable> broken;
  private @Nullable Work running;
  private long nowMillis;
  private long turns;

  /// @param lot draws who goes on
  /// @param broken told what work throws that nobody expects
  public Turns(SplittableRandom lot, Consumer<Throwable> broken) {
    this.lot = lot;
    this.broken = broken;
  }

  /// One piece of work.
  private static final class Work {
    final Life life;
    final Semaphore go = new Semaphore(0);
    final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    final Thread thread;
    boolean begun;
    BooleanSupplier holds = () -> true;
    long wakeMillis;

    Work(Life life, Runnable all) {
      this.life = life;
      this.thread = Thread.ofVirtual().unstarted(all);
    }
  }

  /// Milliseconds since the beginning. They never go back.
  public long nowMillis() {
    return nowMillis;
  }

  /// How often somebody went on.
  public long turns() {
    return turns;
  }

  /// Begins a piece of work; it has its first turn later.
  ///
  /// @param life the process in which it runs
  /// @return complete when it has ended, exceptionally with what it threw
  public CompletableFuture<@Nullable Void> start(Life life, Runnable work) {
    var holder = new Work[1];
    var started = new Work(life, () -> live(holder[0], work));
    holder[0] = started;
    started.wakeMillis = nowMillis;
    works.add(started);
    return started.ended;
  }

  private void live(Work self, Runnable work) {
    @Nullable Throwable thrown = null;
    try {
      self.life.requireAlive();
      work.run();
    } catch (Life.Ended ended) {
      thrown = ended;
    } catch (RuntimeException | Error unexpected) {
      thrown = unexpected;
      broken.accept(unexpected);
    }
    works.remove(self);
    if (thrown == null) {
      self.ended.complete(null);
    } else {
      self.ended.completeExceptionally(thrown);
    }
    back.release();
  }

  /// Lets time pass for whoever calls.
  public void pause(long millis) {
    var _ = await(() -> false, millis);
  }

  /// Waits until something holds, or the time is over.
  ///
  /// @param holds looked at whenever somebody may go on; must change nothing
  /// @param atMostMillis `Long.MAX_VALUE` for as long as it takes
  /// @return whether it holds
  public boolean await(BooleanSupplier holds, long atMostMillis) {
    Work self = running;
    if (self == null) {
      throw new IllegalStateException("who checks must not wait");
    }
    self.life.requireAlive();
    self.holds = holds;
    self.wakeMillis = atMostMillis == FOR_EVER ? FOR_EVER : nowMillis + atMostMillis;
    back.release();
    self.go.acquireUninterruptibly();
    self.life.requireAlive();
    return holds.getAsBoolean();
  }

  /// Lets everybody have their turns until it is over, or nobody is left who could go on.
  ///
  /// @param afterEach called after each turn, while nobody runs
  /// @return false when everybody waits for something that can never be
  public boolean run(BooleanSupplier over, Runnable afterEach) {
    while (!over.getAsBoolean()) {
      Work next = next();
      if (next == null) {
        return false;
      }
      goOn(next);
      afterEach.run();
    }
    return true;
  }

  /// Unwinds whatever runs in processes that have ended.
  public void bury() {
    for (int i = 0; i < works.size(); ) {
      Work work = works.get(i);
      if (work.life.hasEnded()) {
        goOn(work);
        // It may have ended others, and is gone itself.
        i = 0;
      } else {
        i++;
      }
    }
  }

  private @Nullable Work next() {
    bury();
    while (true) {
      ready.clear();
      long wake = FOR_EVER;
      for (Work work : works) {
        if (!work.life.isStopped()) {
          if (work.wakeMillis <= nowMillis || work.holds.getAsBoolean()) {
            ready.add(work);
          }
          wake = Math.min(wake, work.wakeMillis);
        }
      }
      if (!ready.isEmpty()) {
        return ready.get(lot.nextInt(ready.size()));
      }
      if (wake == FOR_EVER) {
        return null;
      }
      nowMillis = wake;
    }
  }

  private void goOn(Work work) {
    turns++;
    running = work;
    if (work.begun) {
      work.go.release();
    } else {
      work.begun = true;
      work.thread.start();
    }
    back.acquireUninterruptibly();
    running = null;
  }
}
