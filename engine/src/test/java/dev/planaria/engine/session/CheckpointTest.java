package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.checkpoint.CheckpointChains;
import dev.planaria.engine.checkpoint.CheckpointCodec;
import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.checkpoint.CheckpointInfo.Kind;
import dev.planaria.engine.checkpoint.StoredCheckpoint;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.storage.simulated.SimulatedDisk;
import dev.planaria.engine.storage.simulated.SimulatedStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Checkpoints that stand on each other: written, composed, damaged, and let go.
class CheckpointTest {

  private final TestEnvironment world = new TestEnvironment();
  private final SimulatedDisk disk = new SimulatedDisk();
  private final List<SessionEngine> open = new ArrayList<>();
  private SimulatedStore store = new SimulatedStore(disk);
  private int operations;

  private SessionEngine engine() {
    store = new SimulatedStore(disk);
    var engine =
        SessionEngine.open(
            store, SessionEngineTest.SETTINGS, world.environment(), null, EngineGuarantees.ALL);
    open.add(engine);
    return engine;
  }

  @AfterEach
  void stopThreads() {
    open.forEach(SessionEngine::abandon);
  }

  private static SessionId session(SessionEngine engine) {
    return engine
        .openSession("alpha", null, SwarmConfiguration.DEFAULT, new Caller("operator", "open"))
        .state()
        .id();
  }

  private void remember(SessionEngine engine, SessionId id, int count) {
    for (int i = 0; i < count; i++) {
      int n = operations++;
      engine.submit(
          id,
          new Command.StoreMemory(
              new MemoryKey("n", "k" + n), new JsonString("value-" + n * 7919), null, null),
          new Caller("operator", "op-" + n));
    }
  }

  /// A session with a full checkpoint that is large beside what is done afterwards.
  private SessionId grown(SessionEngine engine) {
    SessionId id = session(engine);
    remember(engine, id, 300);
    engine.checkpoint(id, null);
    return id;
  }

  private static List<Kind> kinds(SessionEngine engine, SessionId id) {
    return engine.checkpoints(id).stream().map(CheckpointInfo::kind).toList().reversed();
  }

  @Test
  void a_full_checkpoint_is_followed_by_seven_small_ones_and_another_full_one() {
    SessionEngine engine = engine();
    SessionId id = grown(engine);
    for (int i = 0; i < 9; i++) {
      remember(engine, id, 5);
      CheckpointInfo info = engine.checkpoint(id, null);
      assertThat(info.verified()).isTrue();
      assertThat(info.seq()).isEqualTo(engine.view(id).head().seq());
    }
    assertThat(kinds(engine, id))
        .startsWith(Kind.FULL, Kind.INCREMENTAL)
        .endsWith(Kind.INCREMENTAL, Kind.FULL, Kind.INCREMENTAL)
        .hasSize(10);
    List<CheckpointInfo> newest = engine.checkpoints(id);
    assertThat(newest.getFirst().parentId()).isEqualTo(newest.get(1).id());
    assertThat(newest.getFirst().bytes() * 2).isLessThan(newest.get(1).bytes());
    assertThat(engine.verify().findings()).isEmpty();
  }

  @Test
  void a_chain_brings_the_session_back_with_its_operation_ids() {
    SessionEngine engine = engine();
    SessionId id = grown(engine);
    for (int i = 0; i < 5; i++) {
      remember(engine, id, 5);
      engine.checkpoint(id, null);
    }
    remember(engine, id, 3);
    SessionView before = engine.view(id);
    SessionEngine next = engine();
    assertThat(next.view(id)).isEqualTo(before);
    assertThat(next.recoveries(id, 1).getFirst().operationsReplayed()).isEqualTo(3);
    int first = operations;
    operations = 0;
    remember(next, id, first);
    assertThat(next.view(id)).isEqualTo(before);
  }

  @Test
  void a_large_change_and_a_label_make_a_full_one() {
    SessionEngine engine = engine();
    SessionId id = grown(engine);
    remember(engine, id, 300);
    assertThat(engine.checkpoint(id, null).kind()).isEqualTo(Kind.FULL);
    remember(engine, id, 1);
    assertThat(engine.checkpoint(id, "by hand").kind()).isEqualTo(Kind.FULL);
    remember(engine, id, 1);
    assertThat(engine.checkpoint(id, null).kind()).isEqualTo(Kind.INCREMENTAL);
  }

  @Test
  void any_checkpoint_can_be_damaged_or_lost_without_loss() {
    SessionEngine engine = engine();
    SessionId id = grown(engine);
    for (int i = 0; i < 10; i++) {
      remember(engine, id, 5);
      engine.checkpoint(id, null);
    }
    remember(engine, id, 2);
    SessionView before = engine.view(id);
    List<CheckpointInfo> all = engine.checkpoints(id);
    assertThat(all).hasSize(11);
    List<StoredCheckpoint> stored =
        all.stream().map(info -> store.checkpoint(info.id()).orElseThrow()).toList();
    for (int i = 0; i < all.size(); i++) {
      // From the newest to the oldest, all that went before stay damaged. What the recovery before
      // wrote is taken away, and what it let go is put back.
      for (CheckpointInfo info : store.checkpoints(id)) {
        if (all.stream().noneMatch(one -> one.id().equals(info.id()))) {
          disk.dropCheckpoint(info.id());
        }
      }
      stored.subList(i, stored.size()).forEach(disk::putBack);
      if (i % 2 == 0) {
        disk.flip(all.get(i).id(), (int) all.get(i).bytes() / 2);
      } else {
        disk.dropCheckpoint(all.get(i).id());
      }
      SessionEngine next = engine();
      assertThat(next.view(id)).as("%d newest damaged", i + 1).isEqualTo(before);
      RecoveryRecord record = next.recoveries(id, 1).getFirst();
      assertThat(record.operationsReplayed()).isGreaterThan(5L * i);
      next.abandon();
    }
  }

  @Test
  void a_chain_that_was_damaged_meanwhile_is_given_up_for_a_full_one() {
    SessionEngine engine = engine();
    SessionId id = grown(engine);
    remember(engine, id, 5);
    CheckpointInfo small = engine.checkpoint(id, null);
    assertThat(small.kind()).isEqualTo(Kind.INCREMENTAL);
    disk.flip(java.util.Objects.requireNonNull(small.parentId()), 40);
    remember(engine, id, 5);
    CheckpointInfo next = engine.checkpoint(id, null);
    assertThat(next.kind()).isEqualTo(Kind.FULL);
    assertThat(next.verified()).isTrue();
    assertThat(engine().view(id)).isEqualTo(engine.view(id));
  }

  @Test
  void every_flipped_byte_of_a_body_is_noticed() {
    SessionEngine engine = engine();
    SessionId id = grown(engine);
    remember(engine, id, 5);
    engine.checkpoint(id, null);
    int flips = 0;
    for (CheckpointInfo info : engine.checkpoints(id)) {
      StoredCheckpoint stored = store.checkpoint(info.id()).orElseThrow();
      assertThat(CheckpointCodec.read(stored).seq()).isEqualTo(info.seq());
      for (int i = 0; i < stored.body().length; i++) {
        byte[] body = stored.body().clone();
        body[i] ^= (byte) (1 << i % 8);
        var flipped = new StoredCheckpoint(info, stored.hash(), stored.sha256(), body);
        assertThatThrownBy(() -> CheckpointCodec.read(flipped))
            .isInstanceOf(DamagedException.class);
        flips++;
      }
    }
    System.out.println("checkpoint bodies: " + flips + " flips noticed");
    assertThat(flips).isGreaterThan(1_000);
  }

  @Test
  void a_body_under_the_row_of_another_is_noticed() {
    SessionEngine engine = engine();
    SessionId id = grown(engine);
    remember(engine, id, 5);
    CheckpointInfo later = engine.checkpoint(id, "later");
    StoredCheckpoint one = store.checkpoint(engine.checkpoints(id).getLast().id()).orElseThrow();
    StoredCheckpoint other = store.checkpoint(later.id()).orElseThrow();
    var swapped = new StoredCheckpoint(one.info(), other.hash(), other.sha256(), other.body());
    assertThatThrownBy(() -> CheckpointCodec.read(swapped))
        .isInstanceOf(DamagedException.class)
        .hasMessageContaining("row");
  }

  @Test
  void old_chains_go_and_labelled_ones_stay() {
    SessionEngine engine = engine();
    SessionId id = grown(engine);
    CheckpointInfo labelled = engine.checkpoint(id, "keep me");
    for (int i = 0; i < 40; i++) {
      remember(engine, id, 2);
      engine.checkpoint(id, null);
    }
    List<CheckpointInfo> left = engine.checkpoints(id);
    assertThat(left.stream().filter(info -> info.kind() == Kind.FULL && info.label() == null))
        .hasSize(CheckpointChains.DEFAULT.fullChains());
    assertThat(left).extracting(CheckpointInfo::id).contains(labelled.id());
    assertThat(left).hasSizeLessThanOrEqualTo(2 * 8 + 1);
    assertThat(engine.verify().findings()).isEmpty();
  }

  @Test
  void the_state_after_every_operation_can_be_had_again() {
    SessionEngine engine = engine();
    SessionId id = session(engine);
    Map<Long, SessionState> states = new HashMap<>();
    states.put(1L, engine.view(id).state());
    for (int i = 0; i < 120; i++) {
      remember(engine, id, 1);
      SessionView view = engine.view(id);
      states.put(view.head().seq(), view.state());
      if (i % 13 == 0) {
        engine.checkpoint(id, null);
      }
    }
    states.forEach((seq, state) -> {
      SessionView then = engine.viewAt(id, seq);
      assertThat(then.state()).isEqualTo(state);
      assertThat(engine.standing(then.head())).isEqualTo(ReceiptStanding.HELD);
    });
    assertThat(states).hasSize(121);
  }
}
