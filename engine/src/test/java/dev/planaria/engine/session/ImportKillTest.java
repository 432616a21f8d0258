package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Processes that import into a real store and are killed at any moment. `-Dplanaria.kills=N` makes
/// it longer.
class ImportKillTest {

  private static final int KILLS = Integer.getInteger("planaria.kills", 8);
  private static final int OPERATIONS = 20_000;

  /// What a killed import left.
  private enum Left {
    NOTHING,
    ALL
  }

  @TempDir Path directory;

  private final TestEnvironment world = new TestEnvironment();
  private Receipt first = new Receipt(new SessionId(world.newId()), 1, Hash.ZERO);
  private Receipt last = first;

  private SessionEngine open(Path store) {
    return SessionEngine.open(store, SessionEngineTest.SETTINGS, world.environment(), null);
  }

  private Path export() throws IOException {
    Path file = directory.resolve("alpha.planaria");
    try (SessionEngine engine = open(directory.resolve("home"))) {
      Opened opened =
          engine.openSession("alpha", null, SwarmConfiguration.DEFAULT, new Caller("t", "open"));
      first = opened.head();
      SessionId id = opened.state().id();
      var workers = new ArrayList<Thread>();
      for (int worker = 0; worker < 64; worker++) {
        String name = "w" + worker;
        workers.add(
            Thread.ofVirtual()
                .start(() -> {
                  for (int i = 0; i < OPERATIONS / 64; i++) {
                    var value = new JsonString(name + " ".repeat(100) + i);
                    engine.submit(
                        id,
                        new Command.StoreMemory(new MemoryKey("n", name), value, null, null),
                        new Caller("t", name + "-" + i));
                  }
                }));
      }
      for (Thread worker : workers) {
        join(worker);
      }
      last = engine.export(id, file).head();
    }
    return file;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Imports, and says when it begins and ends.
  static void main(String[] arguments) throws IOException {
    PrintStream out = System.out;
    var world = new TestEnvironment();
    try (SessionEngine engine =
        SessionEngine.open(
            Path.of(arguments[0]), SessionEngineTest.SETTINGS, world.environment(), null)) {
      out.println("begins");
      out.flush();
      long start = System.nanoTime();
      engine.importFrom(
          new ImportRequest(Path.of(arguments[1]), null, _ -> true), new Caller("t", "import"));
      out.println("took " + (System.nanoTime() - start));
      out.flush();
    }
  }

  private Process child(Path store, Path file) throws IOException {
    return new ProcessBuilder(
            System.getProperty("java.home") + "/bin/java",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            ImportKillTest.class.getName(),
            store.toString(),
            file.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  @Test
  void a_killed_import_has_left_nothing_or_everything() throws Exception {
    long seed = Long.getLong("planaria.seed", System.nanoTime());
    var random = new Random(seed);
    Path file = export();
    long nanos = duration(directory.resolve("measured"), file);
    Map<Left, Integer> left = new EnumMap<>(Left.class);
    Path store = directory.resolve("abroad");
    int stores = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      // The first dies early and the last ones late, so that both ends are met.
      double share = kill == 0 ? 0.02 : kill < KILLS - 2 ? random.nextDouble() : 3 + kill - KILLS;
      killed(store, file, (long) (share * nanos));
      Left found = look(store);
      left.merge(found, 1, Integer::sum);
      if (found == Left.ALL) {
        store = directory.resolve("abroad" + ++stores);
      }
    }
    System.out.println(
        "imports killed: seed " + seed + ", one takes " + nanos / 1_000_000 + " ms, left " + left);
    assertThat(left).containsOnlyKeys(Left.values());
  }

  private long duration(Path store, Path file) throws Exception {
    Process child = child(store, file);
    try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).isEqualTo("begins");
      String took = out.readLine();
      assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(look(store)).isEqualTo(Left.ALL);
      return Long.parseLong(took.substring("took ".length()));
    }
  }

  private void killed(Path store, Path file, long afterNanos) throws Exception {
    Process child = child(store, file);
    try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).isEqualTo("begins");
      LockSupport.parkNanos(afterNanos);
      child.toHandle().destroyForcibly();
      child.waitFor();
    }
  }

  private Left look(Path store) {
    try (SessionEngine engine = open(store)) {
      assertThat(engine.verify().findings()).isEmpty();
      List<SessionSummary> sessions = engine.sessions();
      if (sessions.isEmpty()) {
        return Left.NOTHING;
      }
      assertThat(sessions).hasSize(1);
      SessionId id = sessions.getFirst().id();
      assertThat(engine.view(id).head()).isEqualTo(last);
      assertThat(engine.standing(first)).isEqualTo(ReceiptStanding.HELD);
      assertThat(engine.standing(last)).isEqualTo(ReceiptStanding.HELD);
      assertThat(engine.operation(id, new Caller("t", "w7-311")))
          .isInstanceOf(OperationLookup.Applied.class);
      return Left.ALL;
    }
  }
}
