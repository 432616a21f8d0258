package dev.planaria.chaos.process;

import dev.planaria.chaos.fault.Fault;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Injector;
import dev.planaria.chaos.fault.NotPossibleHere;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.system.Program;
import dev.planaria.chaos.system.Strace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Makes the disk of a [ScratchDaemon]'s worker full, slow or unreliable for a while: `strace` is
/// attached to the running worker, and to the one after it should it die, and answers the system
/// calls on the files of the store in the kernel's place. A hit is a system call that failed, or
/// took longer, for that reason.
public final class SystemCallInjector implements Injector {

  /// A disk that nobody has written to meanwhile stays broken for so long.
  private static final long GRACE_MILLIS = 10_000;

  private static final long STEP_MILLIS = 50;

  private static final long MICROS = 1_000;

  /// The files in which the store keeps what it has acknowledged.
  private static final List<String> FILES = List.of("planaria.db", "planaria.db-wal", "witness");

  private final ScratchDaemon daemon;

  /// Does it to the disk of that daemon.
  public SystemCallInjector(ScratchDaemon daemon) {
    this.daemon = daemon;
  }

  @Override
  public boolean canDo(FaultSpec spec) {
    return injects(spec);
  }

  /// As [#canDo], which is the same for all of them.
  public static boolean injects(FaultSpec spec) {
    return spec.target() == Target.DISK
        && (spec.fault() instanceof Fault.DiskFull
            || spec.fault() instanceof Fault.FailedSync
            || spec.fault() instanceof Fault.SlowSync);
  }

  /// Refuses when this machine has no `strace`.
  public static void requireProgram() throws NotPossibleHere {
    Program.STRACE.require();
  }

  @Override
  public long inject(FaultSpec spec) throws IOException, InterruptedException {
    List<String> options = new ArrayList<>();
    switch (spec.fault()) {
      case Fault.DiskFull() -> meddle(options, "pwrite64", "error=ENOSPC");
      case Fault.FailedSync() -> meddle(options, "fsync,fdatasync", "error=EIO");
      case Fault.SlowSync(long millis) ->
          meddle(options, "fsync,fdatasync", "delay_exit=" + millis * MICROS);
      default -> throw new IllegalArgumentException("no disk can be met by " + spec);
    }
    for (String file : FILES) {
      options.addAll(List.of("-P", daemon.launch().data().resolve(file).toString()));
    }
    String sign = spec.fault() instanceof Fault.SlowSync ? "(DELAYED)" : "(INJECTED)";
    long hits = 0;
    long waited = 0;
    while (waited < spec.lengthMillis() || (hits == 0 && waited < grace(spec))) {
      Optional<ProcessHandle> worker = daemon.worker();
      if (worker.isEmpty()) {
        pass(STEP_MILLIS);
        waited += STEP_MILLIS;
        continue;
      }
      Path lines = daemon.launch().data().resolveSibling("system-calls");
      try (Strace trace = Strace.attach(List.of(worker.get()), options, lines)) {
        boolean over = false;
        while (!over) {
          boolean ended = trace.hasEndedAfter(STEP_MILLIS);
          waited += STEP_MILLIS;
          long met = trace.count(sign);
          over =
              ended || (waited >= spec.lengthMillis() && (hits + met > 0 || waited >= grace(spec)));
        }
        trace.letGo();
        hits += trace.count(sign);
      }
    }
    return hits;
  }

  private static long grace(FaultSpec spec) {
    return spec.lengthMillis() + GRACE_MILLIS;
  }

  private static void meddle(List<String> options, String calls, String how) {
    options.addAll(List.of("-e", "trace=" + calls, "-e", "inject=" + calls + ":" + how));
  }

  private static void pass(long millis) throws InterruptedException {
    var _ = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
  }
}
