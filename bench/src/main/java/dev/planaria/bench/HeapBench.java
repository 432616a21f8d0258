package dev.planaria.bench;

import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.session.Caller;
import dev.planaria.engine.session.EngineSettings;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;

/// Heap that a resident session takes, by how many operation ids it remembers. Each session holds
/// one memory entry, which all its operations replace.
///
/// Run with `bench/run HeapBench DIRECTORY SESSIONS OPERATIONS`; the engine is thrown away.
public final class HeapBench {

  private static final int CALLERS = 64;

  private HeapBench() {}

  /// Fills an engine, collects garbage, and prints a line.
  ///
  /// @param args where to work, how many sessions, how many operations in each; or `cold` and a
  ///   store that `OpeningBench fill` made
  public static void main(String[] args) throws Exception {
    if (args[0].equals("cold")) {
      cold(Path.of(args[1]));
    }
    Path directory = Files.createTempDirectory(Path.of(args[0]), "planaria-heap");
    int sessions = Integer.parseInt(args[1]);
    int operations = Integer.parseInt(args[2]);
    SessionEngine engine = BenchEngine.open(directory, everythingStays());
    long before = heapAfterCollection();
    var threads = new ArrayList<Thread>();
    for (int caller = 0; caller < CALLERS; caller++) {
      int first = caller;
      threads.add(
          Thread.startVirtualThread(() -> {
            for (int i = first; i < sessions; i += CALLERS) {
              fill(engine, "s" + i, operations);
            }
          }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    // Every session gets its checkpoint, so that no tail is counted.
    engine.sessions().forEach(session -> engine.checkpoint(session.id(), null));
    long taken = heapAfterCollection() - before;
    System.out.printf(
        Locale.ROOT,
        "%d sessions of %d operations: %d KB, %.0f bytes each%n",
        sessions,
        operations,
        taken >> 10,
        (double) taken / sessions);
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  /// What sessions take that are on disk alone: nothing brings them back here.
  private static void cold(Path directory) {
    long before = heapAfterCollection();
    SessionEngine engine = BenchEngine.open(directory, everythingStays());
    long taken = heapAfterCollection() - before;
    int sessions = engine.sessions().size();
    System.out.printf(
        Locale.ROOT,
        "%d sessions on disk alone: %d KB, %.0f bytes each%n",
        sessions,
        taken >> 10,
        (double) taken / sessions);
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  private static void fill(SessionEngine engine, String name, int operations) {
    var caller = new Caller("bench", null);
    SessionId id = engine.openSession(name, null, SwarmConfiguration.DEFAULT, caller).state().id();
    var key = new MemoryKey("bench", "k");
    for (int op = 1; op < operations; op++) {
      engine.submit(id, new Command.StoreMemory(key, new JsonString("v"), null, null), caller);
    }
  }

  private static EngineSettings everythingStays() {
    var usual = EngineSettings.DEFAULT;
    return new EngineSettings(
        usual.limits(),
        usual.sessions(),
        usual.pendingOperations(),
        usual.commit(),
        usual.commitTimeoutMillis(),
        usual.operationIdMillis(),
        usual.operationIdsPerSession(),
        usual.sessions(),
        Long.MAX_VALUE,
        usual.checkpoints(),
        usual.archive(),
        0);
  }

  @SuppressWarnings("SystemGc")
  private static long heapAfterCollection() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
