package dev.planaria.chaos.experiment;

import dev.planaria.chaos.client.StdioClient;
import dev.planaria.chaos.fault.Fault;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.NotPossibleHere;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.process.Launch;
import dev.planaria.chaos.process.ProcessInjector;
import dev.planaria.chaos.report.Moment;
import dev.planaria.chaos.report.RunReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A client talks through `planaria wrap`, which it launches itself and launches again when it has
/// ended, as real clients do; and that process is killed, stopped, or hangs.
public final class ShimFaults implements Experiment {

  private static final long DEADLINE_MILLIS = 30_000;
  private static final long WORK = 10;
  private static final long PATIENCE_MILLIS = 30_000;

  @Override
  public String name() {
    return "shim-kill";
  }

  @Override
  public String description() {
    return "Kills the process that a client has launched with planaria wrap (SIGKILL), stops it for"
        + " a while, and lets it hang for a second before its end, under load; the client"
        + " launches another one. Each time a call succeeds within 30 s, and nothing"
        + " acknowledged is lost, done twice or out of order.";
  }

  @Override
  public long deadlineMillis() {
    return DEADLINE_MILLIS;
  }

  /// Each cycle kills, stops and hangs it once.
  @Override
  public List<FaultSpec> faults(long seed, int cycles) {
    var random = new SplittableRandom(seed);
    var faults = new ArrayList<FaultSpec>();
    long at = 0;
    for (int i = 0; i < cycles; i++) {
      at += 200 + random.nextLong(600);
      faults.add(new FaultSpec(new Fault.Kill(), Target.SHIM, at, 0));
      at += 200 + random.nextLong(600);
      faults.add(new FaultSpec(new Fault.Pause(), Target.SHIM, at, 200 + random.nextLong(1_000)));
      at += 200 + random.nextLong(600);
      faults.add(new FaultSpec(new Fault.Hang(), Target.SHIM, at, 1_000));
    }
    return faults;
  }

  @Override
  public RunReport run(RunSettings settings, Clocks clocks, RunListener listener)
      throws IOException, InterruptedException {
    Launch launch = settings.launch();
    if (launch.wrap().isEmpty()) {
      throw new NotPossibleHere("nobody has said how planaria wrap is started");
    }
    var notes = new Notes(this, settings, clocks, listener);
    var command =
        new StdioClient.Command(
            launch.wrapWords(Stage.SESSION),
            launch.environment(),
            launch.data().resolveSibling("shim.stderr"));
    try (var client = new StdioClient(command, PATIENCE_MILLIS);
        Stage stage = Stage.open(settings, notes, client)) {
      var injector = new ProcessInjector(stage.daemon, client::process);
      for (FaultSpec spec : faults(settings.seed(), settings.cycles())) {
        long work = WORK * settings.plan().callers();
        if (stage.befall(injector, spec, work, DEADLINE_MILLIS).isEmpty()) {
          break;
        }
      }
      stage.pause();
      // Without a daemon it would start one of its own.
      client.hangUp();
      notes.tell(Moment.Lane.STATE, "the client has launched it " + client.launches() + " times");
      return Judge.judge(stage);
    }
  }
}
