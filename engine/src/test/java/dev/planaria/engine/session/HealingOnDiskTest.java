package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.checkpoint.StoredCheckpoint;
import dev.planaria.engine.journal.Frame;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRecord.Strategy;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.storage.Forgery;
import dev.planaria.engine.storage.Store;
import dev.planaria.engine.storage.archive.ArchiveSettings;
import dev.planaria.engine.storage.archive.Segment;
import dev.planaria.engine.storage.archive.SegmentInfo;
import dev.planaria.engine.storage.sqlite.SqliteBytes;
import dev.planaria.engine.storage.sqlite.SqliteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of a damaged session when it lies in a SQLite file and most of its history in the
/// archive.
class HealingOnDiskTest {

  private static final EngineSettings SETTINGS =
      EngineSettings.DEFAULT
          .withArchive(new ArchiveSettings(10_000, 30L * 86_400_000, 16))
          .withHousekeeping(0);
  private static final int CHAPTER = 80;
  private static final int TAIL = 10;

  private final TestEnvironment world = new TestEnvironment();
  @TempDir private Path directory;
  private SqliteBytes bytes;
  private SessionId id;
  private SessionView before;
  private List<SegmentInfo> segments = List.of();
  private int operations;

  /// Something that is asked of the engine of a store.
  @FunctionalInterface
  private interface Asked<T> {
    T of(SessionEngine engine, Store store);
  }

  private <T> T served(Asked<T> asked) {
    try (Store store = bytes.open()) {
      SessionEngine engine =
          SessionEngine.open(store, SETTINGS, world.environment(), null, EngineGuarantees.ALL);
      try {
        return asked.of(engine, store);
      } finally {
        engine.abandon();
      }
    }
  }

  private void work(SessionEngine engine, int count) {
    for (int i = 0; i < count; i++) {
      int n = operations++;
      var key = new MemoryKey("n", "k" + n);
      var command = new Command.StoreMemory(key, new JsonString("v" + n), null, null);
      engine.submit(id, command, new Caller("t", "op-" + n));
    }
  }

  /// Three chains of checkpoints, a tail, and everything before it in the archive.
  @BeforeEach
  void aLongHistory() {
    bytes = new SqliteBytes(directory);
    id =
        served((engine, _) ->
            engine
                .openSession("alpha", null, SwarmConfiguration.DEFAULT, new Caller("t", "open"))
                .state()
                .id());
    before =
        served((engine, store) -> {
          for (String label : List.of("one", "two", "three")) {
            work(engine, CHAPTER);
            engine.checkpoint(id, label);
          }
          for (int i = 0; i < 10; i++) {
            engine.tick();
          }
          work(engine, TAIL);
          segments = store.archive().segments();
          return engine.view(id);
        });
    assertThat(bytes.checkpoints(id)).hasSize(3);
    assertThat(segments).hasSizeGreaterThan(2);
    assertThat(bytes.frames().firstKey()).isGreaterThan(CHAPTER);
  }

  private RecoveryRecord recovered(SessionView expected) {
    return served((engine, _) -> {
      assertThat(engine.view(id)).isEqualTo(expected);
      return engine.recoveries(id, 1).getFirst();
    });
  }

  private void flipNewest(int count) {
    List<StoredCheckpoint> newest = bytes.checkpoints(id);
    assertThat(newest).hasSizeGreaterThanOrEqualTo(count);
    newest.subList(0, count).forEach(bytes::flip);
  }

  @Test
  void with_the_newest_checkpoint_destroyed_nothing_is_lost() {
    flipNewest(1);
    RecoveryRecord record = recovered(before);
    assertThat(record.strategy()).isEqualTo(Strategy.CHECKPOINT_ROLLBACK);
    assertThat(record.operationsLost()).isZero();
    assertThat(record.operationsReplayed()).isEqualTo(CHAPTER + TAIL);
  }

  @Test
  void with_the_newest_two_destroyed_nothing_is_lost_since_the_archive_covers_it() {
    flipNewest(2);
    RecoveryRecord record = recovered(before);
    assertThat(record.strategy()).isEqualTo(Strategy.CHECKPOINT_ROLLBACK);
    assertThat(record.operationsLost()).isZero();
    assertThat(record.operationsReplayed()).isEqualTo(2 * CHAPTER + TAIL);
    assertThat(record.findings()).hasSize(2);
  }

  @Test
  void with_every_checkpoint_destroyed_the_whole_history_is_replayed_from_the_archive() {
    flipNewest(3);
    RecoveryRecord record = recovered(before);
    assertThat(record.operationsLost()).isZero();
    assertThat(record.operationsReplayed()).isEqualTo(3 * CHAPTER + TAIL + 1);
  }

  @Test
  void of_a_segment_that_is_lost_with_the_checkpoints_every_operation_is_counted()
      throws IOException {
    flipNewest(3);
    SegmentInfo lost = segments.get(1);
    Path file = directory.resolve(SqliteStore.ARCHIVE).resolve(lost.fileName());
    byte[] content = Files.readAllBytes(file);
    long entries =
        Segment.decode(content).frames().stream()
            .mapToLong(frame -> Frame.read(frame).entries())
            .sum();
    content[content.length / 2] ^= 1;
    Files.write(file, content);
    served((engine, _) -> {
      SessionView after = engine.view(id);
      RecoveryRecord record = engine.recoveries(id, 1).getFirst();
      assertThat(record.strategy()).isEqualTo(Strategy.PARTIAL_RECOVERY);
      assertThat(record.losses()).isEqualTo(Map.of("unreadable", entries));
      assertThat(after.state().memory()).hasSize((int) (operations - entries));
      return true;
    });
  }

  @Test
  void of_a_tail_with_one_entry_destroyed_the_rest_survives_and_is_counted() {
    String[] made =
        served((engine, _) -> {
          Committed lost =
              engine.submit(
                  id,
                  new Command.CreateTask("lost", null, null, null, null, null),
                  new Caller("t", "lost"));
          String task = ((Operation.TaskCreated) lost.operation()).task().id();
          engine.submit(
              id,
              new Command.CreateTask("leans on it", null, List.of(task), null, null, null),
              new Caller("t", "dependent"));
          engine.submit(
              id, new Command.SpawnAgent("coder", null, null, null), new Caller("t", "agent"));
          work(engine, 2);
          return new String[] {task};
        });
    NavigableMap<Long, byte[]> frames = bytes.frames();
    var changed = new TreeMap<Long, byte[]>();
    for (Forgery.Placed placed : Forgery.entries(frames)) {
      if (placed.entry().operationId().equals("lost")) {
        byte[] frame = frame(frames, placed.frameId());
        frame[placed.offset() + placed.length() - 40] ^= 1;
        changed.put(placed.frameId(), frame);
      }
    }
    assertThat(changed).hasSize(1);
    bytes.putFrames(changed);
    served((engine, _) -> {
      SessionView after = engine.view(id);
      assertThat(after.state().tasks()).doesNotContainKey(made[0]).isEmpty();
      assertThat(after.state().agents()).hasSize(1);
      assertThat(after.state().memory()).hasSize(operations);
      RecoveryRecord record = engine.recoveries(id, 1).getFirst();
      assertThat(record.strategy()).isEqualTo(Strategy.PARTIAL_RECOVERY);
      assertThat(record.losses()).isEqualTo(Map.of("unreadable", 1L, "tasks", 1L));
      assertThat(record.operationsReplayed()).isEqualTo(TAIL + 3);
      return true;
    });
    // It stays healed, with and without the checkpoint behind the damage.
    RecoveryRecord again =
        served((engine, _) -> {
          assertThat(new TreeSet<>(engine.view(id).state().memory().keySet())).hasSize(operations);
          return engine.recoveries(id, 1).getFirst();
        });
    assertThat(again.operationsLost()).isZero();
  }

  private static byte[] frame(Map<Long, byte[]> frames, long id) {
    return java.util.Objects.requireNonNull(frames.get(id)).clone();
  }
}
