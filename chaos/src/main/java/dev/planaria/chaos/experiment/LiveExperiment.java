package dev.planaria.chaos.experiment;

import dev.planaria.chaos.fault.Fault;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.link.LinkInjector;
import dev.planaria.chaos.process.LiveDaemon;
import dev.planaria.chaos.report.RunReport;
import dev.planaria.engine.json.WireName;
import java.io.IOException;
import java.util.List;

/// An experiment in a daemon that serves somebody: in a session of its own, with faults of the
/// worker and of its own callers' links alone, and judged by what the daemon answers, since its
/// files are out of reach.
///
/// What nobody but the daemon's owner can start again is not ended: where the experiment would kill
/// or stop the front, the worker has its turn instead.
public final class LiveExperiment implements Experiment {

  private final UnderLoad inner;
  private final LiveDaemon daemon;
  private final boolean named;

  private LiveExperiment(UnderLoad inner, LiveDaemon daemon, boolean named) {
    this.inner = inner;
    this.daemon = daemon;
    this.named = named;
  }

  /// That experiment in that daemon.
  ///
  /// @throws IllegalArgumentException when it needs a daemon of its own, or is somebody's own and
  ///   names a fault that is not for a live daemon; the message says which and why
  public static LiveExperiment of(Experiment experiment, LiveDaemon daemon) {
    if (!(experiment instanceof UnderLoad inner)) {
      throw new IllegalArgumentException(
          experiment.name()
              + " needs a daemon of its own, whose files it may damage or whose servers it may"
              + " break; leave out --against");
    }
    boolean named = Experiments.named(inner.name()).filter(inner::equals).isPresent();
    if (named && inner.faults(0, 1).stream().anyMatch(fault -> !isForLive(atWorker(fault)))) {
      throw new IllegalArgumentException(
          experiment.name() + " breaks more than a worker and links; leave out --against");
    }
    if (!named) {
      for (FaultSpec fault : inner.faults(0, 1)) {
        if (!isForLive(fault)) {
          throw new IllegalArgumentException(
              fault.fault().kind()
                  + " of "
                  + WireName.of(fault.target())
                  + " is not done to a live daemon: only its worker is started again by itself;"
                  + " name worker or client_link");
        }
      }
    }
    return new LiveExperiment(inner, daemon, named);
  }

  private static boolean isForLive(FaultSpec spec) {
    boolean process =
        spec.fault() instanceof Fault.Kill
            || spec.fault() instanceof Fault.Pause
            || spec.fault() instanceof Fault.Hang;
    return switch (spec.target()) {
      case WORKER -> process;
      case CLIENT_LINK -> LinkInjector.injects(spec.fault());
      default -> false;
    };
  }

  /// What must be said beside the verdict on such a run; its timeline has it, too.
  public static List<String> remarks() {
    return LiveJudge.REMARKS;
  }

  @Override
  public String name() {
    return inner.name();
  }

  @Override
  public String description() {
    return inner.description();
  }

  @Override
  public long deadlineMillis() {
    return inner.deadlineMillis();
  }

  @Override
  public List<FaultSpec> faults(long seed, int cycles) {
    return inner.faults(seed, cycles).stream().map(this::aimed).toList();
  }

  private FaultSpec aimed(FaultSpec spec) {
    return named ? atWorker(spec) : spec;
  }

  /// What ends the front is done to the worker; everything else stays as it is.
  private static FaultSpec atWorker(FaultSpec spec) {
    return switch (spec.target()) {
      case FRONT, DAEMON ->
          new FaultSpec(spec.fault(), Target.WORKER, spec.startMillis(), spec.lengthMillis());
      default -> spec;
    };
  }

  /// The name of the session that a run opens.
  ///
  /// @param nowMillis Unix time
  private static String sessionName(long nowMillis, long seed) {
    return "chaos-" + Long.toString(nowMillis, Character.MAX_RADIX) + "-" + Long.toHexString(seed);
  }

  @Override
  public RunReport run(RunSettings settings, Clocks clocks, RunListener listener)
      throws IOException, InterruptedException {
    var notes = new Notes(this, settings, clocks, listener);
    var others = new OtherSessions(daemon);
    String name = sessionName(clocks.nowMillis().getAsLong(), settings.seed());
    others.remember(name);
    try (Stage stage = Stage.in(daemon, name, settings, notes)) {
      try {
        inner.work(stage, faults(settings.seed(), settings.cycles()), settings);
        LiveJudge.judge(stage, daemon, others);
      } finally {
        stage.retire();
      }
      return notes.report(stage.ledger);
    }
  }
}
