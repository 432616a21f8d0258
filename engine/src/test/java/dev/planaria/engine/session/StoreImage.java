package dev.planaria.engine.session;

import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.storage.sqlite.SqliteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The files of a small store as a kill leaves them, and copies of them from earlier moments.
final class StoreImage {

  /// The files that make a store.
  enum Part {
    DATABASE(SqliteStore.DATABASE),
    LOG(SqliteStore.DATABASE + "-wal"),
    WITNESS(SqliteStore.WITNESS);

    final String fileName;

    Part(String fileName) {
      this.fileName = fileName;
    }
  }

  /// One moment's bytes; a part that was not there is absent.
  final Map<Part, byte[]> parts;

  /// Earlier moments, oldest first.
  final List<Map<Part, byte[]>> earlier = new ArrayList<>();

  /// What was acknowledged.
  final List<Receipt> receipts = new ArrayList<>();

  /// The sessions, in the order of their creation.
  final List<SessionId> sessions = new ArrayList<>();

  /// Lets two processes work on a store: the first is killed, the second has recovered what it left
  /// and has taken checkpoints when it is killed as well.
  StoreImage(Path directory) throws IOException {
    var world = new TestEnvironment();
    try (SqliteStore first = SqliteStore.open(directory)) {
      SessionEngine engine = open(first, world);
      for (int i = 0; i < 3; i++) {
        sessions.add(
            engine
                .openSession(
                    "session-" + i,
                    null,
                    SwarmConfiguration.DEFAULT,
                    new Caller("test", "open-" + i))
                .state()
                .id());
      }
      work(engine, world, 4);
      earlier.add(copy(directory));
      engine.abandon();
    }
    try (SqliteStore second = SqliteStore.open(directory)) {
      SessionEngine engine = open(second, world);
      engine.recoverAll();
      work(engine, world, 2);
      engine.checkpoint(sessions.get(0), "first");
      earlier.add(copy(directory));
      second.sync();
      work(engine, world, 3);
      earlier.add(copy(directory));
      engine.checkpoint(sessions.get(1), null);
      work(engine, world, 2);
      engine.checkpoint(sessions.get(0), "second");
      earlier.add(copy(directory));
      work(engine, world, 2);
      parts = copy(directory);
      engine.abandon();
    }
  }

  /// Opens an engine that does nothing of itself.
  static SessionEngine open(SqliteStore store, TestEnvironment world) {
    return SessionEngine.open(
        store, SessionEngineTest.SETTINGS, world.environment(), null, EngineGuarantees.ALL);
  }

  private void work(SessionEngine engine, TestEnvironment world, int rounds) {
    for (int round = 0; round < rounds; round++) {
      for (SessionId session : sessions) {
        int n = receipts.size();
        world.pass(1_000);
        Command command =
            switch (n % 4) {
              case 0 -> new Command.SpawnAgent("coder", "agent " + n, List.of("java"), null);
              case 1 -> new Command.CreateTask("task " + n, null, null, null, null, null);
              default ->
                  new Command.StoreMemory(
                      new MemoryKey("notes", "key-" + n % 5),
                      new JsonString("value " + n + "-".repeat(60)),
                      null,
                      null);
            };
        Caller caller = new Caller("test", "operation-" + n);
        receipts.add(engine.submit(session, command, caller).receipt());
      }
    }
  }

  private static Map<Part, byte[]> copy(Path directory) throws IOException {
    var parts = new EnumMap<Part, byte[]>(Part.class);
    for (Part part : Part.values()) {
      Path file = directory.resolve(part.fileName);
      if (Files.exists(file)) {
        parts.put(part, Files.readAllBytes(file));
      }
    }
    return parts;
  }

  /// The image with one part replaced.
  Map<Part, byte[]> with(Part part, byte[] bytes) {
    var changed = new EnumMap<>(parts);
    changed.put(part, bytes);
    return changed;
  }

  /// Writes files into a directory, and removes what else a store may have left there.
  static void write(Map<Part, byte[]> parts, Path directory) throws IOException {
    Files.createDirectories(directory);
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    for (Map.Entry<Part, byte[]> part : parts.entrySet()) {
      Files.write(directory.resolve(part.getKey().fileName), part.getValue());
    }
  }
}
