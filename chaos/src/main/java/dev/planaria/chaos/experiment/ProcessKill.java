package dev.planaria.chaos.experiment;

import dev.planaria.chaos.fault.Fault;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.process.ProcessInjector;
import dev.planaria.engine.integrity.StateIntegrityValidator;
import dev.planaria.engine.state.SessionState;
import java.io.IOException;
import java.util.List;

/// The specification's `ProcessKillTest`: a session is set up and captured, the process is killed,
/// and within 30 seconds the session must be there again, the same. Once more with the callers at
/// work, and with front and worker at once.
public final class ProcessKill implements UnderLoad {

  private static final long DEADLINE_MILLIS = 30_000;
  private static final long WORK = 60;

  private static final FaultSpec QUIET = new FaultSpec(new Fault.Kill(), Target.WORKER, 0, 0);
  private static final FaultSpec BUSY = new FaultSpec(new Fault.Kill(), Target.WORKER, 1_000, 0);
  private static final FaultSpec WHOLE = new FaultSpec(new Fault.Kill(), Target.DAEMON, 2_000, 0);

  @Override
  public String name() {
    return "process-kill";
  }

  @Override
  public String description() {
    return "Kills the worker (SIGKILL) when nobody calls, again when everybody does, and then front"
        + " and worker at once. Within 30 s the session answers again, and is the same.";
  }

  @Override
  public long deadlineMillis() {
    return DEADLINE_MILLIS;
  }

  @Override
  public List<FaultSpec> faults(long seed, int cycles) {
    return List.of(QUIET, BUSY, WHOLE);
  }

  @Override
  public void work(Stage stage, List<FaultSpec> faults, RunSettings settings)
      throws IOException, InterruptedException {
    var injector = new ProcessInjector(stage.daemon);
    for (int i = 0; i < settings.cycles(); i++) {
      if (!cycle(stage, injector, faults)) {
        break;
      }
    }
  }

  private static boolean cycle(Stage stage, ProcessInjector injector, List<FaultSpec> faults)
      throws IOException, InterruptedException {
    Clocks clocks = stage.notes.clocks();
    stage.awaitWork(WORK);
    stage.pause();
    SessionState before = stage.capture();
    long began = clocks.nanoTime().getAsLong();
    stage.inject(injector, faults.getFirst());
    if (!stage.awaitHeld(began, DEADLINE_MILLIS)) {
      return false;
    }
    stage.notes.compared(
        StateIntegrityValidator.validate(before, stage.capture()), "after the worker was killed");
    stage.goOn();
    for (FaultSpec fault : faults.subList(1, faults.size())) {
      if (stage.befall(injector, fault, WORK, DEADLINE_MILLIS).isEmpty()) {
        return false;
      }
    }
    return true;
  }
}
