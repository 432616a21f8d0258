package dev.planaria.bench;

import dev.planaria.engine.checkpoint.ActivityMeter;
import dev.planaria.engine.checkpoint.CheckpointChains;
import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.checkpoint.CheckpointInfo.Kind;
import dev.planaria.engine.checkpoint.CheckpointPolicy;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.session.Caller;
import dev.planaria.engine.session.EngineSettings;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.StateCodec;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.storage.archive.ArchiveSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/// What a checkpoint costs: an incremental one beside a full one of the same session, and an
/// operation while checkpoints are taken beside one while none are.
///
/// Run `CheckpointBench DIRECTORY [SECONDS]`; the directory is made, filled and emptied.
public final class CheckpointBench {

  private static final int AGENTS = 50;
  private static final int TASKS = 200;
  private static final int ENTRIES = 1_000;
  private static final int CHANGES = 100;
  private static final int SESSIONS = 8;
  private static final int CALLERS = 32;
  private static final Caller CALLER = new Caller("bench", null);

  private CheckpointBench() {}

  /// Measures.
  ///
  /// @param args see the class
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 8;
    sizes(directory.resolve("sizes"));
    for (int round = 0; round < 3; round++) {
      for (Mode mode : Mode.values()) {
        latency(directory.resolve("latency"), mode, seconds);
      }
    }
    delete(directory);
  }

  private static EngineSettings settings(CheckpointPolicy policy, long segmentBytes, long round) {
    EngineSettings usual = EngineSettings.DEFAULT;
    return new EngineSettings(
        usual.limits(),
        usual.sessions(),
        usual.pendingOperations(),
        usual.commit(),
        usual.commitTimeoutMillis(),
        usual.operationIdMillis(),
        // So that what is measured is the state, whatever was done before.
        1_000,
        usual.residentSessions(),
        usual.residentOperationIds(),
        policy,
        new ArchiveSettings(segmentBytes, ArchiveSettings.DEFAULT.keepMillis(), 64),
        round);
  }

  private static CheckpointPolicy every(long operations, long millis) {
    return new CheckpointPolicy(
        operations,
        Long.MAX_VALUE,
        new CheckpointPolicy.Intervals(millis, millis, millis),
        ActivityMeter.Rates.DEFAULT,
        CheckpointChains.DEFAULT);
  }

  private static void sizes(Path directory) throws Exception {
    delete(directory);
    Files.createDirectories(directory);
    try (SessionEngine engine =
        BenchEngine.open(directory, settings(every(Long.MAX_VALUE, Long.MAX_VALUE), 4 << 20, 0))) {
      SessionId id = grown(engine, "alpha");
      int stateBytes = StateCodec.encode(engine.view(id).state()).length;
      var full = new ArrayList<long[]>();
      var delta = new ArrayList<long[]>();
      for (int i = 0; i < 120; i++) {
        for (int change = 0; change < CHANGES; change++) {
          store(engine, id, (i * 37 + change * 7) % ENTRIES, "c" + i + "-" + change);
        }
        long start = System.nanoTime();
        CheckpointInfo info = engine.checkpoint(id, i % 3 == 0 ? "full" : null);
        long micros = (System.nanoTime() - start) / 1_000;
        if (i >= 40) {
          (info.kind() == Kind.FULL ? full : delta).add(new long[] {info.bytes(), micros});
        }
      }
      System.out.printf("state: %d KB of JSON, %d changes%n", stateBytes / 1_000, CHANGES);
      report("full", full);
      report("incremental", delta);
    }
  }

  private static void report(String what, List<long[]> measured) {
    System.out.printf(
        "%-12s %6d bytes, %.2f ms (median of %d; p90 %.2f ms)%n",
        what,
        quantile(measured.stream().mapToLong(m -> m[0]).toArray(), 0.5),
        quantile(measured.stream().mapToLong(m -> m[1]).toArray(), 0.5) / 1e3,
        measured.size(),
        quantile(measured.stream().mapToLong(m -> m[1]).toArray(), 0.9) / 1e3);
  }

  private static long quantile(long[] values, double quantile) {
    Arrays.sort(values);
    return values[(int) Math.min(values.length - 1, Math.floor(values.length * quantile))];
  }

  private static SessionId grown(SessionEngine engine, String name) {
    SessionId id = engine.openSession(name, null, SwarmConfiguration.DEFAULT, CALLER).state().id();
    for (int i = 0; i < AGENTS; i++) {
      var _ = engine.submit(id, new Command.SpawnAgent("coder", null, null, null), CALLER);
    }
    for (int i = 0; i < TASKS; i++) {
      var _ =
          engine.submit(
              id, new Command.CreateTask("task " + i, null, null, null, null, null), CALLER);
    }
    for (int i = 0; i < ENTRIES; i++) {
      store(engine, id, i, "v" + i);
    }
    return id;
  }

  private static void store(SessionEngine engine, SessionId id, int entry, String value) {
    var key = new MemoryKey("b", "k" + entry);
    var _ =
        engine.submit(id, new Command.StoreMemory(key, new JsonString(value), null, null), CALLER);
  }

  /// What goes on beside the operations.
  private enum Mode {
    NOTHING,
    CHECKPOINTS,
    CHECKPOINTS_AND_ARCHIVE
  }

  private static EngineSettings settings(Mode mode) {
    return switch (mode) {
      case NOTHING -> settings(every(Long.MAX_VALUE, Long.MAX_VALUE), 64 << 20, 1_000);
      case CHECKPOINTS -> settings(every(Long.MAX_VALUE, 0), 64 << 20, 1_000);
      case CHECKPOINTS_AND_ARCHIVE -> settings(every(Long.MAX_VALUE, 0), 4 << 20, 1_000);
    };
  }

  private static void latency(Path directory, Mode mode, int seconds) throws Exception {
    delete(directory);
    Files.createDirectories(directory);
    try (SessionEngine engine = BenchEngine.open(directory, settings(mode))) {
      var ids = new ArrayList<SessionId>();
      for (int i = 0; i < SESSIONS; i++) {
        ids.add(grown(engine, "s" + i));
      }
      var micros = new ConcurrentLinkedQueue<Long>();
      long warm = System.nanoTime() + 2_000_000_000L;
      long end = warm + seconds * 1_000_000_000L;
      var callers = new ArrayList<Thread>();
      for (int caller = 0; caller < CALLERS; caller++) {
        int number = caller;
        callers.add(Thread.startVirtualThread(() -> call(engine, ids, number, warm, end, micros)));
      }
      for (Thread caller : callers) {
        caller.join();
      }
      long[] all = micros.stream().mapToLong(Long::longValue).toArray();
      int checkpoints = ids.stream().mapToInt(id -> engine.checkpoints(id).size()).sum();
      System.out.printf(
          "%-24s %6d operations/s, p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms; %d checkpoints left, %d"
              + " segments%n",
          mode,
          all.length / seconds,
          quantile(all, 0.5) / 1e3,
          quantile(all, 0.99) / 1e3,
          quantile(all, 0.999) / 1e3,
          checkpoints,
          segments(directory));
    }
  }

  private static void call(
      SessionEngine engine,
      List<SessionId> ids,
      int number,
      long warm,
      long end,
      ConcurrentLinkedQueue<Long> micros) {
    long start = System.nanoTime();
    for (int i = 0; start < end; i++) {
      store(engine, ids.get(number % ids.size()), (number * 31 + i) % ENTRIES, "v" + i);
      long now = System.nanoTime();
      if (start > warm) {
        micros.add((now - start) / 1_000);
      }
      start = now;
    }
  }

  private static long segments(Path directory) throws Exception {
    Path archive = directory.resolve("archive");
    if (!Files.isDirectory(archive)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(archive)) {
      return files.count();
    }
  }

  private static void delete(Path directory) throws Exception {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }
}
