package dev.planaria.chaos.experiment;

import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Injector;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.link.LinkInjector;
import dev.planaria.chaos.process.ClockInjector;
import dev.planaria.chaos.process.FakeClock;
import dev.planaria.chaos.process.LiveDaemon;
import dev.planaria.chaos.process.MemoryInjector;
import dev.planaria.chaos.process.ProcessInjector;
import dev.planaria.chaos.process.ScratchDaemon;
import dev.planaria.chaos.process.SystemCallInjector;
import dev.planaria.engine.json.WireName;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;

/// Whatever can be done to a [Stage] while callers are at work there. Used by one thread.
final class Injectors {

  private final List<Injector> all;

  /// Those of a stage.
  ///
  /// @param seed decides what is left to chance in a fault
  Injectors(Stage stage, long seed) {
    List<Injector> any =
        List.of(
            new ProcessInjector(stage.daemon),
            new LinkInjector(stage.link, Target.CLIENT_LINK, new SplittableRandom(seed)));
    this.all =
        switch (stage.daemon) {
          case LiveDaemon _ -> any;
          case ScratchDaemon own ->
              List.of(
                  any.getFirst(),
                  any.getLast(),
                  new SystemCallInjector(own),
                  new ClockInjector(FakeClock.of(own.launch()), stage::aheadMillis),
                  new MemoryInjector(own));
        };
  }

  /// True when it can be done there. There is neither a shim nor a server behind the daemon.
  static boolean canDo(FaultSpec spec) {
    boolean present = spec.target() != Target.SHIM && spec.target() != Target.UPSTREAM;
    return (present && ProcessInjector.injects(spec))
        || (spec.target() == Target.CLIENT_LINK && LinkInjector.injects(spec.fault()))
        || SystemCallInjector.injects(spec)
        || ClockInjector.injects(spec)
        || MemoryInjector.injects(spec);
  }

  /// Looks whether this machine has what the faults need, before anything begins, and prepares the
  /// daemon for those that need that.
  ///
  /// @throws dev.planaria.chaos.fault.NotPossibleHere when something is missing
  static RunSettings prepare(RunSettings settings, List<FaultSpec> faults)
      throws IOException, InterruptedException {
    if (faults.stream().anyMatch(SystemCallInjector::injects)) {
      SystemCallInjector.requireProgram();
    }
    if (faults.stream().anyMatch(MemoryInjector::injects)) {
      MemoryInjector.requirePrograms();
    }
    return faults.stream().anyMatch(ClockInjector::injects)
        ? settings.with(FakeClock.into(settings.launch()))
        : settings;
  }

  /// The one that can do it.
  ///
  /// @throws IllegalArgumentException when none can, see [#canDo]
  Injector of(FaultSpec spec) {
    return all.stream()
        .filter(one -> one.canDo(spec))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                spec.fault().kind()
                    + " of "
                    + WireName.of(spec.target())
                    + " is not something that can be done under load"));
  }
}
