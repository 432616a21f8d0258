package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.integrity.StateIntegrityValidator;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.recovery.RecoveryChoice;
import dev.planaria.engine.recovery.RecoveryGuarantees;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRecord.Strategy;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.Faults;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.Rule;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.SessionStatus;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.storage.simulated.Damage;
import dev.planaria.engine.storage.simulated.SimulatedDisk;
import dev.planaria.engine.storage.simulated.SimulatedStore;
import dev.planaria.engine.storage.simulated.SimulatedStore.CheckpointFault;
import dev.planaria.engine.storage.simulated.SimulatedStore.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What becomes of a damaged session, by the decision table.
class HealingTest {

  private final TestEnvironment world = new TestEnvironment();
  private final SimulatedDisk disk = new SimulatedDisk();
  private final Damage damage = new Damage(disk);
  private final List<SessionEngine> open = new ArrayList<>();
  private SimulatedStore store = new SimulatedStore(disk);

  private SessionEngine engine() {
    return engine(EngineGuarantees.ALL);
  }

  private SessionEngine engine(EngineGuarantees guarantees) {
    if (!open.isEmpty()) {
      open.getLast().abandon();
      store = new SimulatedStore(disk);
    }
    var engine =
        SessionEngine.open(
            store, SessionEngineTest.SETTINGS, world.environment(), null, guarantees);
    open.add(engine);
    return engine;
  }

  @AfterEach
  void stopThreads() {
    open.getLast().abandon();
  }

  private static SessionId session(SessionEngine engine, String name) {
    return engine
        .openSession(name, null, SwarmConfiguration.DEFAULT, new Caller("t", "open-" + name))
        .state()
        .id();
  }

  private static Committed submit(SessionEngine engine, SessionId id, Command command, String op) {
    return engine.submit(id, command, new Caller("t", op));
  }

  private static Command remember(String key, String value) {
    return new Command.StoreMemory(new MemoryKey("n", key), new JsonString(value), null, null);
  }

  private static Command spawn() {
    return new Command.SpawnAgent("coder", null, null, null);
  }

  private static Command create(List<String> dependsOn) {
    return new Command.CreateTask("work", null, dependsOn, null, null, null);
  }

  private RecoveryRecord record(SessionEngine engine, SessionId id) {
    return engine.recoveries(id, 1).getFirst();
  }

  /// A session with two checkpoints and a tail; returns its state.
  private SessionState fill(SessionEngine engine, SessionId id) {
    for (int i = 0; i < 5; i++) {
      submit(engine, id, remember("a" + i, "v"), "a" + i);
    }
    engine.checkpoint(id, null);
    for (int i = 0; i < 5; i++) {
      submit(engine, id, remember("b" + i, "v"), "b" + i);
    }
    engine.checkpoint(id, null);
    for (int i = 0; i < 5; i++) {
      submit(engine, id, remember("c" + i, "v"), "c" + i);
    }
    return engine.view(id).state();
  }

  @Test
  void with_the_newest_checkpoint_destroyed_nothing_is_lost() {
    SessionEngine engine = engine();
    SessionId id = session(engine, "alpha");
    fill(engine, id);
    SessionView before = engine.view(id);
    assertThat(damage.flipCheckpoints(id, 1)).isEqualTo(1);
    SessionEngine next = engine();
    assertThat(next.view(id)).isEqualTo(before);
    RecoveryRecord record = record(next, id);
    assertThat(record.strategy()).isEqualTo(Strategy.CHECKPOINT_ROLLBACK);
    assertThat(record.operationsLost()).isZero();
    assertThat(record.operationsReplayed()).isEqualTo(10);
  }

  @Test
  void with_every_checkpoint_destroyed_nothing_is_lost_while_the_journal_is_whole() {
    SessionEngine engine = engine();
    SessionId id = session(engine, "alpha");
    SessionState before = fill(engine, id);
    assertThat(damage.flipCheckpoints(id, 9)).isEqualTo(2);
    SessionEngine next = engine();
    assertThat(next.view(id).state()).isEqualTo(before);
    assertThat(record(next, id).strategy()).isEqualTo(Strategy.CHECKPOINT_ROLLBACK);
    assertThat(record(next, id).operationsLost()).isZero();
    var validation = StateIntegrityValidator.validate(before, next.view(id).state());
    assertThat(validation.overallSuccess()).isTrue();
    assertThat(validation.integrityScore()).isEqualTo(1.0);
  }

  @Test
  void of_a_tail_with_one_entry_destroyed_what_does_not_depend_on_it_survives() {
    SessionEngine engine = engine();
    SessionId id = session(engine, "alpha");
    Committed lost = submit(engine, id, create(List.of()), "lost");
    String lostTask = ((Operation.TaskCreated) lost.operation()).task().id();
    submit(engine, id, remember("k", "v"), "independent");
    submit(engine, id, create(List.of(lostTask)), "dependent");
    submit(engine, id, spawn(), "also-independent");
    SessionView before = engine.view(id);
    assertThat(damage.flipOperation(id, lost.receipt().seq())).isTrue();
    SessionEngine next = engine();
    SessionView after = next.view(id);
    assertThat(after.state().tasks()).isEmpty();
    assertThat(after.state().memory()).hasSize(1);
    assertThat(after.state().agents()).hasSize(1);
    assertThat(after.head().seq()).isEqualTo(before.head().seq() + 1);
    RecoveryRecord record = record(next, id);
    assertThat(record.strategy()).isEqualTo(Strategy.PARTIAL_RECOVERY);
    assertThat(record.operationsLost()).isEqualTo(2);
    assertThat(record.losses()).containsOnly(Map.entry("tasks", 1L), Map.entry("unreadable", 1L));
    assertThat(next.operation(id, new Caller("t", "dependent")))
        .isEqualTo(new OperationLookup.RolledBack());
    assertThatThrownBy(() -> submit(next, id, create(List.of(lostTask)), "dependent"))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.code()).isEqualTo(Refusal.Code.OPERATION_ROLLED_BACK));
    assertThat(next.operation(id, new Caller("t", "independent")))
        .isInstanceOf(OperationLookup.Applied.class);
    assertThat(next.operation(id, new Caller("t", "lost")))
        .isEqualTo(new OperationLookup.Expired());
    assertThat(next.standing(lost.receipt())).isEqualTo(ReceiptStanding.FORKED);
    // It stays healed, from the checkpoint and from the journal alone.
    assertThat(engine().view(id)).isEqualTo(after);
    damage.dropCheckpoints(id);
    assertThat(engine().view(id).state()).isEqualTo(after.state());
  }

  @Test
  void the_id_of_what_is_lost_stays_expired_when_its_recovery_dies_before_its_checkpoint() {
    SessionEngine engine = engine();
    SessionId id = session(engine, "alpha");
    fill(engine, id);
    Committed lost = submit(engine, id, remember("d", "v"), "d");
    submit(engine, id, remember("e", "v"), "e");
    assertThat(damage.flipOperation(id, lost.receipt().seq())).isTrue();
    SessionEngine next = engine();
    store.failNextCheckpoint(CheckpointFault.BEFORE_WRITE);
    assertThat(next.operation(id, new Caller("t", "d"))).isEqualTo(new OperationLookup.Expired());
    assertThat(store.hits()).as("the repair is journalled, and in no checkpoint").isEqualTo(1);
    assertThat(engine().operation(id, new Caller("t", "d")))
        .isEqualTo(new OperationLookup.Expired());
  }

  @Test
  void a_session_whose_beginning_is_lost_begins_anew_and_keeps_what_stands() {
    SessionEngine engine = engine();
    SessionId id = session(engine, "alpha");
    submit(engine, id, remember("k", "v"), "k");
    damage.flipOperation(id, 1);
    SessionEngine next = engine();
    SessionView view = next.view(id);
    assertThat(view.state().memory()).hasSize(1);
    assertThat(view.state().configuration()).isEqualTo(SwarmConfiguration.DEFAULT);
    assertThat(record(next, id).strategy()).isEqualTo(Strategy.FRESH_STATE);
    assertThat(record(next, id).operationsLost()).isEqualTo(1);
    damage.dropCheckpoints(id);
    assertThat(engine().view(id).state()).isEqualTo(view.state());
  }

  @Test
  void of_a_session_with_nothing_left_a_fresh_one_serves_and_its_seqs_are_never_given_again() {
    SessionEngine engine = engine();
    SessionId id = session(engine, "alpha");
    fill(engine, id);
    long last = engine.view(id).head().seq();
    damage.flipCheckpoints(id, 9);
    for (long seq = 1; seq <= last; seq++) {
      assertThat(damage.flipOperation(id, seq)).isTrue();
    }
    SessionEngine next = engine();
    SessionView view = next.view(id);
    assertThat(view.state().memory()).isEmpty();
    assertThat(view.head().seq()).isGreaterThan(last);
    assertThat(record(next, id).strategy()).isEqualTo(Strategy.FRESH_STATE);
    assertThat(record(next, id).operationsLost()).isEqualTo(last);
    submit(next, id, spawn(), "goes-on");
    assertThat(engine().view(id).state().agents()).hasSize(1);
  }

  private SessionState planted(SessionId id, Rule rule) {
    var planted = new SessionState[1];
    damage.alterCheckpoint(
        id,
        sound -> {
          planted[0] =
              Faults.in(sound).stream()
                  .filter(fault -> fault.rule() == rule)
                  .findFirst()
                  .orElseThrow()
                  .state();
          return planted[0];
        });
    return planted[0];
  }

  private SessionId busy(SessionEngine engine) {
    SessionId id = session(engine, "alpha");
    Committed agent = submit(engine, id, spawn(), "agent");
    submit(engine, id, create(List.of()), "task");
    submit(engine, id, create(List.of()), "other");
    String agentId = ((Operation.AgentSpawned) agent.operation()).agent().id();
    submit(engine, id, new Command.ClaimTask(agentId, null, null), "claim");
    engine.checkpoint(id, null);
    return id;
  }

  @Test
  void references_that_lead_nowhere_are_detached_by_an_operation_and_reported() {
    SessionEngine engine = engine();
    SessionId id = busy(engine);
    planted(id, Rule.DEPENDENCY_EXISTS);
    SessionEngine next = engine();
    next.view(id);
    assertThat(record(next, id).strategy()).isEqualTo(Strategy.PARTIAL_RECOVERY);
    assertThat(record(next, id).operationsLost()).isZero();
    assertThat(record(next, id).findings()).anyMatch(one -> one.contains("does not exist"));
    var types = new ArrayList<String>();
    next.journal(id, 1, 100, entry -> types.add(entry.type()));
    assertThat(types).contains("detached");
  }

  @Test
  void values_out_of_bounds_are_clamped_by_an_operation_and_reported() {
    SessionEngine engine = engine();
    SessionId id = busy(engine);
    planted(id, Rule.PROGRESS_WITHIN_BOUNDS);
    SessionEngine next = engine();
    assertThat(next.view(id).state().tasks().values())
        .allMatch(task -> task.progressPercent() <= 100);
    assertThat(record(next, id).strategy()).isEqualTo(Strategy.GRACEFUL_DEGRADATION);
    var types = new ArrayList<String>();
    next.journal(id, 1, 100, entry -> types.add(entry.type()));
    assertThat(types).contains("clamped");
  }

  @Test
  void a_session_that_stays_wrong_is_quarantined_readable_and_not_writable() {
    SessionEngine engine = engine();
    SessionId id = busy(engine);
    planted(id, Rule.DEPENDENCY_EXISTS);
    // Without detaching nothing can make it right.
    SessionEngine next =
        engine(
            new EngineGuarantees(
                true,
                true,
                new RecoveryGuarantees(false, true, true, true),
                ArchiveGuarantees.ALL));
    SessionId other = session(next, "other");
    SessionView view = next.view(id);
    assertThat(view.state().status()).isEqualTo(SessionStatus.QUARANTINED);
    assertThat(view.state().tasks()).hasSize(2);
    assertThatThrownBy(() -> submit(next, id, spawn(), "no"))
        .isInstanceOf(SessionUnavailable.class)
        .hasMessageContaining("planaria recover alpha");
    assertThat(record(next, id).strategy()).isEqualTo(Strategy.MANUAL_INTERVENTION);
    assertThat(record(next, id).success()).isFalse();
    assertThat(next.find("alpha").orElseThrow().status()).isEqualTo(SessionStatus.QUARANTINED);
    submit(next, other, spawn(), "yes");
    assertThatThrownBy(() -> next.recover(id, new RecoveryChoice.AcceptLoss()))
        .isInstanceOf(SessionUnavailable.class);
    // The whole product heals it.
    SessionEngine whole = engine();
    submit(whole, id, spawn(), "now");
  }

  @Test
  void a_process_that_dies_during_a_recovery_recovers_again_however_often() {
    int hits = 0;
    for (Fault first : Fault.values()) {
      for (Fault second : Fault.values()) {
        hits += diesTwice(first, second);
      }
    }
    System.out.println("crashes during recovery: " + hits);
    assertThat(hits).isEqualTo(8);
  }

  private int diesTwice(Fault first, Fault second) {
    String name = "s-" + first + second;
    SessionEngine engine = engine();
    SessionId id = session(engine, name.toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
    Committed lost = submit(engine, id, remember("x", "v"), "x");
    submit(engine, id, remember("y", "v"), "y");
    damage.flipOperation(id, lost.receipt().seq());
    int hits = 0;
    for (Fault fault : List.of(first, second)) {
      SessionEngine dying = engine();
      store.failNext(fault);
      // When an earlier attempt has its repair on disk, only the checkpoint is left to write.
      store.failNextCheckpoint(
          fault == Fault.BEFORE_WRITE ? CheckpointFault.BEFORE_WRITE : CheckpointFault.BEFORE_MARK);
      store.failReopening(Integer.MAX_VALUE);
      var reading = Thread.ofVirtual().start(() -> touch(dying, id));
      while (store.hits() == 0 && reading.isAlive()) {
        Thread.onSpinWait();
      }
      hits += store.hits() > 0 ? 1 : 0;
      dying.abandon();
      join(reading);
    }
    SessionEngine last = engine();
    SessionView view = last.view(id);
    assertThat(view.state().memory()).hasSize(1);
    var lostRanges = new ArrayList<Operation.Recovered>();
    last.journal(
        id,
        1,
        100,
        entry -> {
          if (entry.type().equals("recovered")) {
            lostRanges.add(
                (Operation.Recovered)
                    dev.planaria.engine.state.OperationCodec.decode(entry.type(), entry.body()));
          }
        });
    assertThat(lostRanges).hasSize(1);
    assertThat(lostRanges.getFirst().lost())
        .containsExactly(new dev.planaria.engine.state.SeqRange(2, 2));
    return hits;
  }

  private static void touch(SessionEngine engine, SessionId id) {
    try {
      engine.view(id);
    } catch (StoreUnavailable | SessionUnavailable died) {
      assertThat(died).hasMessageNotContaining("\n");
    }
  }

  private static void join(Thread thread) {
    try {
      assertThat(thread.join(java.time.Duration.ofSeconds(10))).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
