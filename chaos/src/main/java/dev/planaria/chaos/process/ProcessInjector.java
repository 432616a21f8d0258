package dev.planaria.chaos.process;

import dev.planaria.chaos.fault.Fault;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Injector;
import dev.planaria.chaos.fault.Target;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Kills, pauses and hangs processes of a [Daemon]: a hit is a process that was alive and was ended
/// or stopped by it. Nobody starts again what was killed; the front does so with its worker, and
/// [Daemon#standAgain] a front.
public final class ProcessInjector implements Injector {

  /// A worker is started again well within that time, on any machine.
  private static final long GRACE_MILLIS = 30_000;

  private static final long STEP_MILLIS = 20;

  private final Daemon daemon;
  private final Supplier<Optional<ProcessHandle>> shim;

  /// Does it to the processes of that daemon.
  public ProcessInjector(Daemon daemon) {
    this(daemon, Optional::empty);
  }

  /// @param daemon whose processes
  /// @param shim the process that a client has launched, if one is running
  public ProcessInjector(Daemon daemon, Supplier<Optional<ProcessHandle>> shim) {
    this.daemon = daemon;
    this.shim = shim;
  }

  @Override
  public boolean canDo(FaultSpec spec) {
    return injects(spec);
  }

  /// As [#canDo], which is the same for all of them.
  public static boolean injects(FaultSpec spec) {
    boolean process =
        switch (spec.target()) {
          case WORKER, FRONT, DAEMON, SHIM, UPSTREAM -> true;
          case CLIENT_LINK,
              UPSTREAM_LINK,
              DATABASE,
              WAL,
              WITNESS,
              CHECKPOINT,
              ARCHIVE,
              DISK,
              CLOCK,
              MEMORY ->
              false;
        };
    return process
        && (spec.fault() instanceof Fault.Kill
            || spec.fault() instanceof Fault.Pause
            || spec.fault() instanceof Fault.Hang);
  }

  @Override
  public long inject(FaultSpec spec) throws IOException, InterruptedException {
    if (!canDo(spec)) {
      throw new IllegalArgumentException("no process can be met by " + spec);
    }
    Victims victims = aim(spec.target());
    return switch (spec.fault()) {
      case Fault.Kill() -> victims.kill();
      case Fault.Pause() -> pause(victims, spec.lengthMillis());
      case Fault.Hang() -> hang(victims, spec.lengthMillis());
      default -> throw new IllegalArgumentException("no process can be met by " + spec);
    };
  }

  /// The processes that a fault of that target would meet now, for whoever chooses the moment.
  public Victims aim(Target target) throws IOException, InterruptedException {
    daemon.remember();
    return Victims.of(victims(target));
  }

  /// Whose turn it is; the front before the worker, which it would start again at once.
  private List<ProcessHandle> victims(Target target) throws IOException, InterruptedException {
    List<ProcessHandle> all =
        switch (target) {
          case WORKER -> worker().stream().toList();
          case FRONT -> List.of(daemon.front());
          case DAEMON -> Stream.concat(Stream.of(daemon.front()), worker().stream()).toList();
          case SHIM -> shim.get().stream().toList();
          case UPSTREAM -> daemon.upstreams().toList();
          default -> List.of();
        };
    return all.stream().filter(ProcessHandle::isAlive).toList();
  }

  /// The worker, also when the one before it has only just died.
  private Optional<ProcessHandle> worker() throws IOException, InterruptedException {
    Optional<ProcessHandle> found = daemon.worker();
    for (long waited = 0; found.isEmpty() && waited < GRACE_MILLIS; waited += STEP_MILLIS) {
      pass(STEP_MILLIS);
      found = daemon.worker();
    }
    return found;
  }

  private static long pause(Victims victims, long millis) throws IOException, InterruptedException {
    long met = victims.stop();
    try {
      pass(millis);
    } finally {
      victims.goOn();
    }
    return met;
  }

  /// Stopped, and never continued: the front finds out that its worker is silent and ends it, which
  /// ends the fault; nobody finds out about the others before the length is over.
  private static long hang(Victims victims, long millis) throws IOException, InterruptedException {
    long met = victims.stop();
    for (long waited = 0;
        waited < millis && victims.processes().stream().anyMatch(ProcessHandle::isAlive);
        waited += STEP_MILLIS) {
      pass(STEP_MILLIS);
    }
    victims.kill();
    return met;
  }

  private static void pass(long millis) throws InterruptedException {
    var _ = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
  }
}
