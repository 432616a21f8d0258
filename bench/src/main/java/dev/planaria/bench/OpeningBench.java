package dev.planaria.bench;

import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.recovery.RecoveryRun;
import dev.planaria.engine.session.Caller;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// How long a store takes to open after a crash that left everything in the tail: until the first
/// session answers, and until all are recovered.
///
/// Run `OpeningBench fill DIRECTORY SESSIONS OPERATIONS`, kill it when it says so, then
/// `OpeningBench open DIRECTORY` in fresh processes.
public final class OpeningBench {

  private static final String VALUE = "v".repeat(100);

  private OpeningBench() {}

  /// Fills or opens a store.
  ///
  /// @param args see the class
  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "fill" -> fill(Path.of(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
      case "open" -> open(Path.of(args[1]));
      default -> throw new IllegalArgumentException("fill or open, not " + args[0]);
    }
  }

  private static void fill(Path directory, int sessions, int operations) throws Exception {
    Files.createDirectories(directory);
    // Never closed: the process is to be killed, so that nothing is checkpointed.
    SessionEngine engine = BenchEngine.open(directory);
    long start = System.nanoTime();
    var done = new CountDownLatch(sessions);
    for (int i = 0; i < sessions; i++) {
      String name = "s" + i;
      Thread.startVirtualThread(() -> {
        SessionId id =
            engine
                .openSession(name, null, SwarmConfiguration.DEFAULT, new Caller("bench", null))
                .state()
                .id();
        for (int op = 1; op < operations; op++) {
          engine.submit(
              id,
              new Command.StoreMemory(
                  new MemoryKey("bench", "k" + op % 100), new JsonString(VALUE), null, null),
              new Caller("bench", null));
        }
        done.countDown();
      });
    }
    done.await();
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        "filled: %d operations in %.1f s (%.0f/s)%n",
        (long) sessions * operations, seconds, sessions * (double) operations / seconds);
    System.out.flush();
    Runtime.getRuntime().halt(137);
  }

  private static void open(Path directory) throws Exception {
    long jvmStart = ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli();
    SessionEngine engine = BenchEngine.open(directory);
    long opened = System.currentTimeMillis();
    var ids = new ArrayList<SessionId>();
    engine.sessions().forEach(summary -> ids.add(summary.id()));
    long held = engine.view(ids.getLast()).head().seq();
    long first = System.currentTimeMillis();
    System.out.printf(
        "process start to open %d ms, to first session (%d operations) %d ms;"
            + " processor time %.0f ms%n",
        opened - jvmStart, held, first - jvmStart, Cost.now().nanos() / 1e6);
    RecoveryRun run = engine.recoveryRuns(1).getFirst();
    while (!run.finished()) {
      TimeUnit.MILLISECONDS.sleep(10);
      run = engine.recoveryRuns(1).getFirst();
    }
    long all = System.currentTimeMillis();
    Runtime runtime = Runtime.getRuntime();
    System.out.printf(
        "to all %d sessions %d ms; processor time %.0f ms; heap %d MB%n",
        run.sessionsRecovered(),
        all - jvmStart,
        Cost.now().nanos() / 1e6,
        (runtime.totalMemory() - runtime.freeMemory()) >> 20);
    System.out.flush();
    Runtime.getRuntime().halt(137);
  }
}
