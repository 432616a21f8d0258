package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.JournalException.StoreFailed;
import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.recovery.RecoveryGuarantees;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.storage.archive.ArchiveSettings;
import dev.planaria.engine.storage.archive.Segment;
import dev.planaria.engine.storage.archive.SegmentInfo;
import dev.planaria.engine.storage.simulated.SimulatedDisk;
import dev.planaria.engine.storage.simulated.SimulatedStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Frames on their way into the archive, in it, and out of it.
class ArchiveTest {

  private static final EngineSettings SETTINGS =
      SessionEngineTest.SETTINGS
          .withArchive(new ArchiveSettings(10_000, 30L * 86_400_000, 16))
          .withHousekeeping(0);

  /// Enough for three segments.
  private static final int OPERATIONS = 160;

  private final List<SessionEngine> open = new ArrayList<>();

  @AfterEach
  void stopThreads() {
    open.forEach(SessionEngine::abandon);
  }

  /// One disk, and what was acknowledged on it.
  private final class World {
    private final TestEnvironment environment = new TestEnvironment();
    private final SimulatedDisk disk = new SimulatedDisk();
    private final List<Receipt> receipts = new ArrayList<>();
    private SimulatedStore store = new SimulatedStore(disk);
    private int operations;

    private SessionEngine engine(EngineGuarantees guarantees) {
      store = new SimulatedStore(disk);
      var engine = SessionEngine.open(store, SETTINGS, environment.environment(), null, guarantees);
      open.add(engine);
      return engine;
    }

    private SessionEngine engine() {
      return engine(EngineGuarantees.ALL);
    }

    private SessionId session(SessionEngine engine) {
      Opened opened =
          engine.openSession(
              "alpha", null, SwarmConfiguration.DEFAULT, new Caller("operator", "open"));
      if (receipts.isEmpty()) {
        receipts.add(opened.head());
      }
      return opened.state().id();
    }

    private void work(SessionEngine engine, SessionId id, int count) {
      for (int i = 0; i < count; i++) {
        int n = operations++;
        var key = new MemoryKey("n", "k" + n % 20);
        receipts.add(
            engine
                .submit(
                    id,
                    new Command.StoreMemory(key, new JsonString("v" + n), null, null),
                    new Caller("operator", "op-" + n))
                .receipt());
      }
    }

    /// Checkpoints, and gives the archive time for everything.
    private void settle(SessionEngine engine, SessionId id) {
      engine.checkpoint(id, null);
      for (int i = 0; i < 6; i++) {
        engine.tick();
      }
    }

    /// Everything that was acknowledged can be read, in order, and the whole store is sound.
    private boolean isWhole(SessionEngine engine, SessionId id) {
      var seqs = new ArrayList<Long>();
      try {
        engine.journal(id, 1, Integer.MAX_VALUE, entry -> seqs.add(entry.seq()));
      } catch (DamagedException e) {
        return false;
      }
      boolean held =
          receipts.stream().allMatch(receipt -> engine.standing(receipt) == ReceiptStanding.HELD);
      return held && seqs.size() == receipts.size() && engine.verify().findings().isEmpty();
    }
  }

  @Test
  void what_has_moved_reads_as_before() {
    var world = new World();
    SessionEngine engine = world.engine();
    SessionId id = world.session(engine);
    world.work(engine, id, OPERATIONS / 2);
    SessionView half = engine.view(id);
    world.work(engine, id, OPERATIONS / 2);
    world.settle(engine, id);
    assertThat(world.store.archive().segments()).hasSizeGreaterThan(1);
    assertThat(world.disk.frameCount()).isLessThan(OPERATIONS / 2);
    assertThat(engine.viewAt(id, half.head().seq())).isEqualTo(half);
    assertThat(world.isWhole(engine, id)).isTrue();
    SessionEngine next = world.engine();
    world.work(next, id, OPERATIONS);
    world.settle(next, id);
    assertThat(world.isWhole(next, id)).isTrue();
    assertThat(next.viewAt(id, half.head().seq())).isEqualTo(half);
    // A repeat is answered with the first result, from the archive.
    assertThat(
            next.submit(
                    id,
                    new Command.StoreMemory(
                        new MemoryKey("n", "k3"), new JsonString("v3"), null, null),
                    new Caller("operator", "op-3"))
                .receipt())
        .isEqualTo(world.receipts.get(4));
  }

  /// Dies before a step of the archive, and the power goes too. True when everything is still
  /// there, at once and after the next process has finished the work.
  private boolean survivesDeathBefore(
      int step, EngineGuarantees guarantees, Map<String, Integer> hits) {
    var world = new World();
    SessionEngine dying = world.engine(guarantees);
    world.store.dieBeforeArchiveStep(step);
    SessionId id = world.session(dying);
    world.work(dying, id, OPERATIONS);
    try {
      world.settle(dying, id);
    } catch (StoreFailed expected) {
      assertThat(expected).hasMessageContaining("simulated death");
    }
    List<String> steps = world.store.archiveSteps();
    hits.merge(steps.size() < step ? "no death" : steps.get(step - 1), 1, Integer::sum);
    dying.abandon();
    world.disk.losePower();
    SessionEngine next = world.engine();
    if (!world.isWhole(next, id)) {
      return false;
    }
    world.settle(next, id);
    assertThat(world.store.archive().segmentFiles().names())
        .hasSameSizeAs(world.store.archive().segments())
        .isNotEmpty();
    return world.isWhole(next, id);
  }

  @Test
  void a_death_at_any_step_leaves_every_frame_somewhere() {
    var hits = new TreeMap<String, Integer>();
    for (int step = 1; !hits.containsKey("no death"); step++) {
      assertThat(survivesDeathBefore(step, EngineGuarantees.ALL, hits))
          .as("death before step %d", step)
          .isTrue();
    }
    System.out.println("archive: deaths before " + hits);
    assertThat(hits).containsKeys("write", "sync", "index", "delete rows");
  }

  @Test
  void deleting_rows_before_the_segment_is_synced_would_be_noticed() {
    var hits = new TreeMap<String, Integer>();
    var unsynced =
        new EngineGuarantees(
            true, true, RecoveryGuarantees.ALL, new ArchiveGuarantees(false, true));
    int lost = 0;
    for (int step = 1; !hits.containsKey("no death"); step++) {
      lost += survivesDeathBefore(step, unsynced, hits) ? 0 : 1;
    }
    System.out.println("archive without sync: " + lost + " lost, deaths before " + hits);
    assertThat(lost).isPositive();
  }

  /// A disk that keeps half of what it is given, and says nothing. True when nothing is lost.
  private boolean survivesATornFile(EngineGuarantees guarantees) {
    var world = new World();
    SessionEngine engine = world.engine(guarantees);
    world.store.tearFiles();
    SessionId id = world.session(engine);
    world.work(engine, id, OPERATIONS);
    world.settle(engine, id);
    assertThat(world.store.archiveSteps()).contains("write");
    return world.isWhole(engine, id);
  }

  @Test
  void a_segment_is_read_back_before_its_rows_go() {
    assertThat(survivesATornFile(EngineGuarantees.ALL)).isTrue();
  }

  @Test
  void not_reading_it_back_would_be_noticed() {
    var uncompared =
        new EngineGuarantees(
            true, true, RecoveryGuarantees.ALL, new ArchiveGuarantees(true, false));
    assertThat(survivesATornFile(uncompared)).isFalse();
  }

  @Test
  void every_flipped_byte_of_a_segment_is_noticed() {
    var world = new World();
    SessionEngine engine = world.engine();
    SessionId id = world.session(engine);
    world.work(engine, id, OPERATIONS);
    world.settle(engine, id);
    SegmentInfo info = world.store.archive().segments().getFirst();
    byte[] file = world.store.archive().segmentFiles().read(info.fileName());
    assertThat(Segment.decode(file).frames()).isNotEmpty();
    for (int i = 0; i < file.length; i++) {
      byte[] flipped = file.clone();
      flipped[i] ^= (byte) (1 << i % 8);
      assertThatThrownBy(() -> Segment.decode(flipped)).isInstanceOf(DamagedException.class);
      byte[] cut = java.util.Arrays.copyOf(file, i);
      assertThatThrownBy(() -> Segment.decode(cut)).isInstanceOf(DamagedException.class);
    }
    System.out.println("archive: " + file.length + " flips and truncations noticed");
    world.disk.flipFile(info.fileName(), file.length / 2);
    // The state is in checkpoints and rows; history is refused, and the damage is named.
    SessionEngine next = world.engine();
    assertThat(next.view(id)).isEqualTo(engine.view(id));
    assertThatThrownBy(() -> next.viewAt(id, 5)).isInstanceOf(DamagedException.class);
    assertThat(next.verify().findings())
        .anySatisfy(finding -> assertThat(finding.toString()).contains(info.fileName()));
  }

  @Test
  void a_damaged_index_stops_the_archive_and_nothing_else() {
    var world = new World();
    SessionEngine engine = world.engine();
    SessionId id = world.session(engine);
    world.work(engine, id, OPERATIONS);
    world.store.damageArchiveIndex();
    engine.checkpoint(id, null);
    engine.tick();
    world.work(engine, id, 10);
    engine.checkpoint(id, null);
    engine.tick();
    assertThat(engine.checkpoints(id)).hasSize(2);
    assertThat(world.store.archiveSteps()).isEmpty();
    engine.close();
    open.remove(engine);
    assertThat(world.isWhole(world.engine(), id)).as("with the index back").isTrue();
  }

  @Test
  void a_segment_is_kept_when_its_line_of_the_index_is_lost() {
    for (int line = 0; line < 2; line++) {
      var world = new World();
      SessionEngine engine = world.engine();
      SessionId id = world.session(engine);
      world.work(engine, id, OPERATIONS);
      world.settle(engine, id);
      int files = world.store.archive().segmentFiles().names().size();
      // The first, or the last.
      String lost = world.store.loseArchiveLine(line * (files - 1)).fileName();
      SessionEngine next = world.engine();
      world.work(next, id, OPERATIONS);
      world.settle(next, id);
      assertThat(world.store.archive().segmentFiles().names()).contains(lost);
      assertThat(next.verify().findings()).isNotEmpty();
    }
  }

  @Test
  void another_segment_under_the_name_is_noticed() {
    var world = new World();
    SessionEngine engine = world.engine();
    SessionId id = world.session(engine);
    world.work(engine, id, OPERATIONS);
    world.settle(engine, id);
    List<SegmentInfo> segments = world.store.archive().segments();
    byte[] other = world.store.archive().segmentFiles().read(segments.get(1).fileName());
    world.store.archive().segmentFiles().write(segments.getFirst().fileName(), other);
    SessionEngine next = world.engine();
    assertThatThrownBy(() -> next.viewAt(id, 5))
        .isInstanceOf(DamagedException.class)
        .hasMessageContaining("not the file that the index names");
  }

  @Test
  void what_is_old_is_dropped_and_said_to_have_been() {
    var world = new World();
    SessionEngine engine = world.engine();
    SessionId id = world.session(engine);
    world.work(engine, id, OPERATIONS);
    world.settle(engine, id);
    // Two full checkpoints behind it, so that nothing needs it any more.
    engine.checkpoint(id, "one");
    engine.checkpoint(id, "two");
    int segments = world.store.archive().segments().size();
    world.environment.pass(30L * 86_400_000 - 1);
    engine.tick();
    assertThat(world.store.archive().segments()).hasSize(segments);
    world.environment.pass(1);
    engine.tick();
    assertThat(world.store.archive().segments()).hasSize(segments - 1);
    assertThatThrownBy(() -> engine.standing(world.receipts.getFirst()))
        .isInstanceOfSatisfying(
            Refusal.class, r -> assertThat(r.code()).isEqualTo(Refusal.Code.OPERATION_EXPIRED));
    SessionEngine next = world.engine();
    assertThat(next.verify().findings()).isEmpty();
    var seqs = new ArrayList<Long>();
    next.journal(id, 1, Integer.MAX_VALUE, entry -> seqs.add(entry.seq()));
    assertThat(seqs.getFirst()).isGreaterThan(1);
    assertThat(seqs).hasSize((int) (seqs.getLast() - seqs.getFirst() + 1));
    assertThat(next.standing(world.receipts.getLast())).isEqualTo(ReceiptStanding.HELD);
  }

  @Test
  void a_death_while_a_segment_is_dropped_leaves_it_or_takes_it() {
    for (String last : List.of("drop", "delete file")) {
      var world = new World();
      SessionEngine dying = world.engine();
      SessionId id = world.session(dying);
      world.work(dying, id, OPERATIONS);
      world.settle(dying, id);
      dying.checkpoint(id, "one");
      dying.checkpoint(id, "two");
      int segments = world.store.archive().segments().size();
      world.environment.pass(30L * 86_400_000);
      int steps = world.store.archiveSteps().size();
      world.store.dieBeforeArchiveStep(steps + (last.equals("drop") ? 1 : 2));
      assertThatThrownBy(dying::tick).isInstanceOf(StoreFailed.class).hasMessageContaining(last);
      dying.abandon();
      world.disk.losePower();
      SessionEngine next = world.engine();
      assertThat(next.verify().findings()).isEmpty();
      next.tick();
      assertThat(world.store.archive().segments()).hasSizeLessThan(segments);
      assertThat(world.store.archive().segmentFiles().names())
          .hasSameSizeAs(world.store.archive().segments());
      assertThat(next.verify().findings()).isEmpty();
    }
  }

  @Test
  void what_the_second_newest_chain_needs_is_kept_at_any_age() {
    var world = new World();
    SessionEngine engine = world.engine();
    SessionId id = world.session(engine);
    world.work(engine, id, 10);
    engine.checkpoint(id, "first");
    world.work(engine, id, OPERATIONS);
    engine.checkpoint(id, "second");
    SessionView before = engine.view(id);
    world.settle(engine, id);
    int segments = world.store.archive().segments().size();
    world.environment.pass(365L * 86_400_000);
    for (int i = 0; i < 10; i++) {
      engine.tick();
      world.environment.pass(3_600_000);
    }
    assertThat(world.store.archive().segments()).hasSize(segments);
    // And it is enough: without the newest chain nothing is lost.
    engine.checkpoints(id).stream()
        .filter(info -> info.seq() > 20)
        .forEach(info -> world.disk.dropCheckpoint(info.id()));
    SessionEngine next = world.engine();
    assertThat(next.view(id)).isEqualTo(before);
  }
}
