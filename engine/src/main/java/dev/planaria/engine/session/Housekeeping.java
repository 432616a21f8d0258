package dev.planaria.engine.session;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Drives what the engine does by itself: one thread for the recovery after a crash, one for the
/// regular rounds. A round that fails is logged and the next one is run all the same.
final class Housekeeping implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Housekeeping.class.getName());

  /// What a recovery has left on disk is looked at so often; it is due after minutes.
  private static final long SETTLING_MILLIS = 30_000;

  private final Work work;
  private final EngineSettings settings;
  private final ScheduledExecutorService rounds = thread("engine-housekeeping");
  private final ScheduledExecutorService recovering = thread("engine-recovery");
  private volatile boolean closing;

  /// What it drives.
  ///
  /// @param tick a regular round
  /// @param recovery the recovery after a crash
  /// @param settling a round of checkpoints of sessions that are on disk alone
  record Work(Runnable tick, Runnable recovery, Runnable settling) {}

  Housekeeping(Work work, EngineSettings settings) {
    this.work = work;
    this.settings = settings;
  }

  private static ScheduledExecutorService thread(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name(name).factory());
  }

  void start() {
    if (settings.housekeepingMillis() > 0) {
      recovering.execute(this::recover);
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

  private void recover() {
    try {
      work.recovery().run();
    } catch (RuntimeException e) {
      // What was not recovered here is recovered when it is touched.
      LOG.log(System.Logger.Level.ERROR, "the background recovery stopped", e);
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
