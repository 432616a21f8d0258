package dev.planaria.engine.session;

import dev.planaria.engine.journal.ThreadEnd;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Drives what the engine does by itself: one thread for the recovery after a crash, one for the
/// regular rounds. A round that fails is logged and the next one is run all the same.
final class Housekeeping implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Housekeeping.class.getName());

  private final Runnable tick;
  private final Runnable recovery;
  private final EngineSettings settings;
  private final ScheduledExecutorService rounds;
  private final Thread recovering;
  private volatile boolean closing;

  Housekeeping(Runnable tick, Runnable recovery, EngineSettings settings) {
    this.tick = tick;
    this.recovery = recovery;
    this.settings = settings;
    this.rounds =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("engine-housekeeping").factory());
    this.recovering = Thread.ofPlatform().daemon().name("engine-recovery").unstarted(this::recover);
  }

  void start() {
    if (settings.housekeepingMillis() > 0) {
      recovering.start();
      var _ =
          rounds.scheduleWithFixedDelay(
              this::round,
              settings.housekeepingMillis(),
              settings.housekeepingMillis(),
              TimeUnit.MILLISECONDS);
    }
  }

  boolean isClosing() {
    return closing;
  }

  private void recover() {
    try {
      recovery.run();
    } catch (RuntimeException e) {
      // What was not recovered here is recovered when it is touched.
      LOG.log(System.Logger.Level.ERROR, "the background recovery stopped", e);
    }
  }

  private void round() {
    try {
      tick.run();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a round of housekeeping failed", e);
    }
  }

  /// Returns when nothing of it runs any more.
  @Override
  public void close() {
    closing = true;
    rounds.close();
    ThreadEnd.await(recovering);
  }
}
