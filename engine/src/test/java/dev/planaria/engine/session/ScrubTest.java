package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.integrity.Finding;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRecord.Strategy;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.Faults;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.storage.archive.ArchiveSettings;
import dev.planaria.engine.storage.simulated.Damage;
import dev.planaria.engine.storage.simulated.SimulatedDisk;
import dev.planaria.engine.storage.simulated.SimulatedStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Stored data are read again in the background, a little at a time.
class ScrubTest {

  private static final long SHARE = 64 << 10;
  private static final int SESSIONS = 20;
  private static final int ROUNDS = 500;

  private final TestEnvironment world = new TestEnvironment();
  private final SimulatedDisk disk = new SimulatedDisk();
  private final Damage damage = new Damage(disk);
  private final List<SessionEngine> open = new ArrayList<>();
  private final List<SessionId> ids = new ArrayList<>();
  private final List<Finding> heard = Collections.synchronizedList(new ArrayList<>());
  private SimulatedStore store = new SimulatedStore(disk);
  private int operations;

  private static EngineSettings settings(long share) {
    return EngineSettings.DEFAULT
        .withArchive(new ArchiveSettings(20_000, 30L * 86_400_000, 16))
        .withHousekeeping(0)
        .withScrub(new ScrubSettings(share, 3_600_000));
  }

  private SessionEngine engine(long share) {
    store = new SimulatedStore(disk);
    var engine =
        SessionEngine.open(
            store,
            settings(share),
            world.environment().heardBy(this::hear),
            null,
            EngineGuarantees.ALL);
    open.add(engine);
    return engine;
  }

  private void hear(EngineEvent event) {
    if (event instanceof EngineEvent.DamageFound(Finding finding)) {
      heard.add(finding);
    }
  }

  @AfterEach
  void stopThreads() {
    open.forEach(SessionEngine::abandon);
  }

  private void work(SessionEngine engine, SessionId id, int count) {
    for (int i = 0; i < count; i++) {
      int n = operations++;
      engine.submit(id, Swarm.remember("k" + n, "v".repeat(100)), new Caller("t", "op" + n));
    }
  }

  /// Sessions with two chains of checkpoints each, a part of their frames in the archive.
  private SessionEngine filled() {
    SessionEngine engine = engine(SHARE);
    for (int i = 0; i < SESSIONS; i++) {
      ids.add(
          engine
              .openSession("s" + i, null, SwarmConfiguration.DEFAULT, new Caller("t", "open"))
              .state()
              .id());
    }
    for (String label : List.of("one", "two")) {
      for (SessionId id : ids) {
        work(engine, id, 10);
        engine.checkpoint(id, label);
      }
    }
    for (int i = 0; i < 6; i++) {
      engine.tick();
    }
    assertThat(store.archive().segments()).isNotEmpty();
    ids.forEach(id -> work(engine, id, 2));
    return engine;
  }

  private ScrubReport report(SessionEngine engine) {
    return engine.scrubbed().orElseThrow();
  }

  /// Lets seconds pass until a pass is over; returns how many.
  private int seconds(SessionEngine engine) {
    for (int second = 1; second <= ROUNDS; second++) {
      long before = engine.scrubbed().map(ScrubReport::bytes).orElse(0L);
      world.pass(1_000);
      engine.tick();
      ScrubReport now = report(engine);
      // Its share, and the rest of what was begun within it.
      assertThat(now.bytes() - before).isLessThan(2 * SHARE);
      if (now.finished()) {
        return second;
      }
    }
    throw new AssertionError("no pass in " + ROUNDS + " s: " + report(engine));
  }

  private static List<String> codes(ScrubReport report) {
    return report.findings().stream().map(Finding::code).toList();
  }

  @Test
  void a_sound_store_is_read_once_within_its_share_and_left_alone() {
    SessionEngine engine = filled();
    int frames = disk.frameCount();
    long start = System.nanoTime();
    int seconds = seconds(engine);
    ScrubReport done = report(engine);
    System.out.printf(
        "scrub: %s in %d s of %d B/s, %.1f ms of work%n",
        done, seconds, SHARE, (System.nanoTime() - start) / 1e6);
    assertThat(done.findings()).isEmpty();
    assertThat(done.mended()).isZero();
    assertThat(done.sessions()).isEqualTo(SESSIONS);
    assertThat(done.checkpoints()).isGreaterThanOrEqualTo(2 * SESSIONS);
    assertThat(done.segments()).isEqualTo(store.archive().segments().size());
    assertThat(done.frames()).isPositive();
    assertThat(disk.frameCount()).isEqualTo(frames);
    assertThat((long) seconds).isGreaterThanOrEqualTo(done.bytes() / SHARE);
    // Then it rests.
    world.pass(10_000);
    engine.tick();
    assertThat(report(engine)).isEqualTo(done);
    world.pass(3_600_000);
    engine.tick();
    assertThat(report(engine).finished()).isFalse();
  }

  @Test
  void a_session_that_serves_is_written_anew_before_its_damage_can_hurt() {
    SessionEngine engine = filled();
    SessionId id = ids.get(3);
    SessionView before = engine.view(id);
    assertThat(damage.flipCheckpoints(id, 9)).isEqualTo(2);
    assertThat(damage.flipOperation(id, before.head().seq())).isTrue();
    seconds(engine);
    assertThat(codes(report(engine))).contains("CHECKPOINT_DAMAGED", "FRAME_DAMAGED");
    assertThat(report(engine).mended()).isEqualTo(1);
    RecoveryRecord record = engine.recoveries(id, 1).getFirst();
    assertThat(record.success()).isTrue();
    assertThat(record.operationsLost()).isZero();
    assertThat(engine.view(id)).isEqualTo(before);
    engine.abandon();
    assertThat(engine(SHARE).view(id)).isEqualTo(before);
  }

  @Test
  void a_session_on_disk_alone_is_recovered_before_anybody_waits_for_it() {
    SessionEngine first = filled();
    SessionId id = ids.get(5);
    SessionView before = first.view(id);
    first.close();
    SessionEngine engine = engine(SHARE);
    damage.flipCheckpoints(id, 1);
    seconds(engine);
    assertThat(codes(report(engine))).contains("CHECKPOINT_DAMAGED");
    assertThat(report(engine).mended()).isEqualTo(1);
    RecoveryRecord record = engine.recoveries(id, 1).getFirst();
    assertThat(record.strategy()).isEqualTo(Strategy.CHECKPOINT_ROLLBACK);
    assertThat(record.operationsLost()).isZero();
    assertThat(engine.view(id)).isEqualTo(before);
    assertThat(engine.sessions().stream().filter(SessionSummary::resident).count()).isEqualTo(1);
  }

  @Test
  void sessions_in_quarantine_are_told_of_with_every_pass_though_damaged_alike_and_counted_once() {
    SessionEngine first = filled();
    List<SessionId> harmed = List.of(ids.get(4), ids.get(9));
    for (SessionId id : harmed) {
      first.submit(
          id,
          new Command.CreateTask("work", null, null, null, null, null),
          new Caller("t", "task"));
      first.checkpoint(id, "three");
    }
    first.close();
    harmed.forEach(id -> damage.alterCheckpoint(id, Faults::beyondRepair));
    SessionEngine engine = engine(SHARE);
    seconds(engine);
    assertThat(sessions(report(engine))).containsExactlyElementsOf(named(harmed));
    long counted = engine.figures().detections().truePositives();
    int recoveries = engine.recoveries(harmed.getFirst(), 10).size();
    heard.clear();
    world.pass(3_600_000);
    seconds(engine);
    assertThat(sessions(report(engine))).containsExactlyElementsOf(named(harmed));
    assertThat(heard)
        .extracting(Finding::sessionId)
        .containsExactlyInAnyOrderElementsOf(
            report(engine).findings().stream().map(Finding::sessionId).toList());
    assertThat(report(engine).mended()).isZero();
    assertThat(engine.figures().detections().truePositives()).isEqualTo(counted);
    assertThat(engine.recoveries(harmed.getFirst(), 10)).hasSize(recoveries);
  }

  private static Set<String> sessions(ScrubReport report) {
    return report.findings().stream()
        .map(finding -> String.valueOf(finding.sessionId()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> named(List<SessionId> ids) {
    return ids.stream().map(SessionId::toString).collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void damage_in_the_archive_is_named_by_its_file() {
    SessionEngine engine = filled();
    String name = store.archive().segments().getFirst().fileName();
    disk.flipFile(name, 200);
    seconds(engine);
    assertThat(codes(report(engine))).containsExactly("FRAME_DAMAGED");
    assertThat(report(engine).findings().getFirst().ids()).containsExactly(name);
    assertThat(report(engine).mended()).isZero();
  }

  @Test
  void it_can_be_switched_off() {
    filled().abandon();
    SessionEngine engine = engine(0);
    engine.recoverAll();
    world.pass(100_000);
    engine.tick();
    assertThat(engine.scrubbed()).isEmpty();
  }
}
