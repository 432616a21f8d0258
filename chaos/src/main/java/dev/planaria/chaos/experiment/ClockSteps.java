package dev.planaria.chaos.experiment;

import dev.planaria.chaos.fault.Fault;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.report.RunReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// The wall clock of the daemon jumps while callers are at work and leases run: each pair of
/// [Rivals] has one task, which one of them can finish and never both.
public final class ClockSteps implements Experiment {

  private static final long DEADLINE_MILLIS = 30_000;
  private static final long WORK = 10;

  private static final long TEN_MINUTES = 600_000;
  private static final long HOUR = 3_600_000;

  @Override
  public String name() {
    return "clock-steps";
  }

  @Override
  public String description() {
    return "The daemon's wall clock jumps by ten minutes and by an hour, forward and back, under"
        + " load. A lease runs out at most as much too early or too late as the clock jumps; a task"
        + " is never held by two, and one of those who want it can finish it; calls succeed within"
        + " 30 s, and nothing acknowledged is lost, done twice or out of order.";
  }

  @Override
  public long deadlineMillis() {
    return DEADLINE_MILLIS;
  }

  /// Each cycle goes ten minutes and an hour away and comes back from each, to the future and to
  /// the past in turn.
  @Override
  public List<FaultSpec> faults(long seed, int cycles) {
    var random = new SplittableRandom(seed);
    boolean ahead = random.nextBoolean();
    var faults = new ArrayList<FaultSpec>();
    long at = 0;
    for (int i = 0; i < cycles; i++) {
      for (long length : List.of(TEN_MINUTES, HOUR)) {
        long jump = ahead ? length : -length;
        at += 100 + random.nextLong(300);
        faults.add(new FaultSpec(new Fault.ClockStep(jump), Target.CLOCK, at, 0));
        at += 100 + random.nextLong(300);
        faults.add(new FaultSpec(new Fault.ClockStep(-jump), Target.CLOCK, at, 0));
      }
      ahead = !ahead;
    }
    return faults;
  }

  @Override
  public RunReport run(RunSettings settings, Clocks clocks, RunListener listener)
      throws IOException, InterruptedException {
    List<FaultSpec> faults = faults(settings.seed(), settings.cycles());
    RunSettings prepared = Injectors.prepare(settings, faults);
    var notes = new Notes(this, prepared, clocks, listener);
    try (Stage stage = Stage.open(prepared, notes)) {
      var injectors = new Injectors(stage, settings.seed());
      int pairs = 0;
      for (FaultSpec spec : faults) {
        stage.awaitTurn(spec, WORK * settings.plan().callers());
        Rivals rivals = Rivals.meet(stage, ++pairs);
        if (stage.befall(injectors.of(spec), spec, 0, DEADLINE_MILLIS).isEmpty()) {
          break;
        }
        rivals.finish(((Fault.ClockStep) spec.fault()).millis());
      }
      return Judge.judge(stage);
    }
  }
}
