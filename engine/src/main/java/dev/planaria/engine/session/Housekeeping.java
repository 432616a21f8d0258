package dev.planaria.engine.session;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Drives what the engine does by itself: one thread for the recovery after a crash, one for the
/// regular rounds. What fails is logged, and done again.
final class Housekeeping implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Housekeeping.class.getName());

  /// What a recovery has left on disk is looked at so often; it is due after minutes.
  private static final long SETTLING_MILLIS = 30_000;

  /// A recovery that could not read its store tries again: soon, since sessions wait for it, then
  /// ever more rarely, since a disk that is away for a minute may be away for an hour.
  private static final long RECOVERY_AGAIN_MILLIS = 1_000;

  private static final long RECOVERY_AGAIN_MOST_MILLIS = 60_000;

  private final Work work;
  private final EngineSettings settings;
  private final ScheduledExecutorService rounds = thread("engine-housekeeping");
  private final ScheduledExecutorService recovering = thread("engine-recovery");
  private volatile boolean closing;

  /// What it drives.
  ///
  /// @param tick a regular round
  /// @param recovery the recovery after a crash; false when something of it is to be tried again
  /// @param settling a round of checkpoints of sessions that are on disk alone
  record Work(Runnable tick, BooleanSupplier recovery, Runnable settling) {}

  Housekeeping(Work work, EngineSettings settings) {
    this.work = work;
    this.settings = settings;
  }

  /// One thread. What waits for its time when it is closed is not done any more.
  private static ScheduledExecutorService thread(String name) {
    var thread =
        new ScheduledThreadPoolExecutor(
            1,
            Thread.ofPlatform().daemon().name(name).factory(),
            new ThreadPoolExecutor.DiscardPolicy());
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return thread;
  }

  void start() {
    if (settings.housekeepingMillis() > 0) {
      recovering.execute(() -> recover(RECOVERY_AGAIN_MILLIS));
      repeat(recovering, work.settling(), SETTLING_MILLIS);
      repeat(rounds, work.tick(), settings.housekeepingMillis());
    }
  }

  private void repeat(ScheduledExecutorService thread, Runnable round, long delayMillis) {
    var _ =
        thread.scheduleWithFixedDelay(
            () -> run(round), delayMillis, delayMillis, TimeUnit.MILLISECONDS);
  }

  boolean isClosing() {
    return closing;
  }

  /// What is touched before it was recovered here is recovered by whoever touches it.
  private void recover(long againMillis) {
    boolean done = false;
    try {
      done = work.recovery().getAsBoolean();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "the background recovery stopped", e);
    }
    if (!done) {
      LOG.log(
          System.Logger.Level.WARNING,
          "not every session could be recovered; the rest is tried in " + againMillis + " ms");
      long next = Math.min(2 * againMillis, RECOVERY_AGAIN_MOST_MILLIS);
      var _ = recovering.schedule(() -> recover(next), againMillis, TimeUnit.MILLISECONDS);
    }
  }

  private static void run(Runnable round) {
    try {
      round.run();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a round of housekeeping failed", e);
    }
  }

  /// Returns when nothing of it runs any more.
  @Override
  public void close() {
    closing = true;
    rounds.close();
    recovering.close();
  }
}
