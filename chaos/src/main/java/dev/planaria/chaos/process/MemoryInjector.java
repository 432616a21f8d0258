package dev.planaria.chaos.process;

import dev.planaria.chaos.fault.Fault;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Injector;
import dev.planaria.chaos.fault.NotPossibleHere;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.system.Program;
import dev.planaria.chaos.system.Strace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Lets a [ScratchDaemon]'s worker, and the one after it should it die, have hardly more memory
/// than it has: its `RLIMIT_DATA` is lowered while it runs, and put back at the end. A hit is a
/// system call by which it asked for memory and got none, which `strace` counts.
public final class MemoryInjector implements Injector {

  /// A worker that has asked for nothing meanwhile is kept short for so much longer.
  private static final long GRACE_MILLIS = 15_000;

  private static final long STEP_MILLIS = 50;
  private static final long KIBI = 1_024;

  /// What a process asks the system for memory with.
  private static final List<String> ASKING =
      List.of("-e", "trace=mmap,mprotect,brk,mremap,clone,clone3", "-e", "status=failed");

  private static final String REFUSED = "ENOMEM";
  private static final String REFUSED_THREAD = "EAGAIN";

  private final ScratchDaemon daemon;

  /// Does it to the worker of that daemon.
  public MemoryInjector(ScratchDaemon daemon) {
    this.daemon = daemon;
  }

  @Override
  public boolean canDo(FaultSpec spec) {
    return injects(spec);
  }

  /// As [#canDo], which is the same for all of them.
  public static boolean injects(FaultSpec spec) {
    return spec.target() == Target.MEMORY && spec.fault() instanceof Fault.MemoryPressure;
  }

  /// Refuses when this machine lacks one of the programs.
  public static void requirePrograms() throws NotPossibleHere {
    Program.STRACE.require();
    Program.PRLIMIT.require();
  }

  @Override
  public long inject(FaultSpec spec) throws IOException, InterruptedException {
    if (!(spec.fault() instanceof Fault.MemoryPressure(long bytes)) || !canDo(spec)) {
      throw new IllegalArgumentException("no memory can be met by " + spec);
    }
    Program.PRLIMIT.require();
    long hits = 0;
    long waited = 0;
    long latest = spec.lengthMillis() + GRACE_MILLIS;
    while (waited < spec.lengthMillis() || (hits == 0 && waited < latest)) {
      Optional<ProcessHandle> worker = daemon.worker();
      long size = worker.isEmpty() ? 0 : dataBytes(worker.get());
      if (size == 0) {
        pass(STEP_MILLIS);
        waited += STEP_MILLIS;
        continue;
      }
      Path lines = daemon.launch().data().resolveSibling("memory-asked-for");
      try (Strace trace = Strace.attach(List.of(worker.get()), ASKING, lines)) {
        limit(worker.get(), Long.toString(size + bytes));
        boolean over = false;
        while (!over) {
          boolean ended = trace.hasEndedAfter(STEP_MILLIS);
          waited += STEP_MILLIS;
          over =
              ended
                  || (waited >= spec.lengthMillis()
                      && (hits + refused(trace) > 0 || waited >= latest));
        }
        limit(worker.get(), "unlimited");
        trace.letGo();
        hits += refused(trace);
      }
    }
    return hits;
  }

  private static long refused(Strace trace) throws IOException {
    return trace.count(REFUSED) + trace.count(REFUSED_THREAD);
  }

  /// What counts against the limit; 0 for a process that is gone.
  private static long dataBytes(ProcessHandle process) throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    try {
      return Files.readString(status, StandardCharsets.ISO_8859_1)
          .lines()
          .filter(line -> line.startsWith("VmData:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIBI)
          .findFirst()
          .orElse(0);
    } catch (NoSuchFileException gone) {
      return 0;
    }
  }

  /// Only the soft limit, which its owner may raise again. A process that has just died needs none.
  private static void limit(ProcessHandle process, String bytes)
      throws IOException, InterruptedException {
    Process prlimit =
        new ProcessBuilder(
                "prlimit", "--pid", Long.toString(process.pid()), "--data=" + bytes + ":")
            .redirectErrorStream(true)
            .start();
    String said =
        new String(prlimit.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1).strip();
    if (prlimit.waitFor() != 0 && process.isAlive()) {
      throw new IOException("the worker's memory could not be limited: " + said);
    }
  }

  private static void pass(long millis) throws InterruptedException {
    var _ = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
  }
}
