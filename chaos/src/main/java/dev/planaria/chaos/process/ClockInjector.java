package dev.planaria.chaos.process;

import dev.planaria.chaos.fault.Fault;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Injector;
import dev.planaria.chaos.fault.Target;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Sets the wall clock of a daemon that has one of its own ([FakeClock]), and, when the fault has a
/// length, sets it back at its end. A hit is a step after which the daemon tells another time.
public final class ClockInjector implements Injector {

  /// A process notices within a second or two; how long it takes until it tells somebody depends on
  /// the machine.
  private static final long GRACE_MILLIS = 20_000;

  private static final long STEP_MILLIS = 100;

  private final FakeClock clock;
  private final Told told;
  private long aheadMillis;

  /// The time, as the daemon tells it.
  public interface Told {

    /// How far the newest time that the daemon has told is ahead of the machine's clock, in
    /// milliseconds.
    long aheadMillis() throws IOException, InterruptedException;
  }

  /// @param clock of the daemon
  /// @param told what time the daemon says that it is
  public ClockInjector(FakeClock clock, Told told) {
    this.clock = clock;
    this.told = told;
  }

  @Override
  public boolean canDo(FaultSpec spec) {
    return injects(spec);
  }

  /// As [#canDo], which is the same for all of them.
  public static boolean injects(FaultSpec spec) {
    return spec.target() == Target.CLOCK && spec.fault() instanceof Fault.ClockStep;
  }

  @Override
  public long inject(FaultSpec spec) throws IOException, InterruptedException {
    if (!(spec.fault() instanceof Fault.ClockStep(long millis)) || !canDo(spec)) {
      throw new IllegalArgumentException("no clock can be met by " + spec);
    }
    long hits = step(millis);
    pass(spec.lengthMillis());
    return spec.lengthMillis() == 0 ? hits : hits + step(-millis);
  }

  /// @return 1 when the daemon tells the other time, 0 when it does not
  private long step(long millis) throws IOException, InterruptedException {
    aheadMillis += millis;
    clock.set(aheadMillis);
    long half = Math.max(1, Math.abs(millis) / 2);
    for (long waited = 0; waited < GRACE_MILLIS; waited += STEP_MILLIS) {
      if (Math.abs(told.aheadMillis() - aheadMillis) < half) {
        return 1;
      }
      pass(STEP_MILLIS);
    }
    return 0;
  }

  private static void pass(long millis) throws InterruptedException {
    var _ = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
  }
}
