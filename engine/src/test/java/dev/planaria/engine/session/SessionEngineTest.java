package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.checkpoint.CheckpointPolicy;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.state.Agent;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.state.Task;
import dev.planaria.engine.state.TaskStatus;
import dev.planaria.engine.storage.archive.ArchiveSettings;
import dev.planaria.engine.storage.simulated.SimulatedDisk;
import dev.planaria.engine.storage.simulated.SimulatedStore;
import dev.planaria.engine.storage.simulated.SimulatedStore.Fault;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionEngineTest {

  private final TestEnvironment world = new TestEnvironment();
  private final SimulatedDisk disk = new SimulatedDisk();
  private final List<SessionEngine> open = new ArrayList<>();
  private SimulatedStore store = new SimulatedStore(disk);

  static final EngineSettings SETTINGS =
      new EngineSettings(
          EngineSettings.DEFAULT.limits(),
          1_000,
          1_024,
          EngineSettings.DEFAULT.commit(),
          30_000,
          EngineSettings.DEFAULT.operationIdMillis(),
          1_000,
          3,
          500_000,
          CheckpointPolicy.DEFAULT,
          ArchiveSettings.DEFAULT,
          0);

  private SessionEngine engine() {
    return engine(EngineGuarantees.ALL);
  }

  /// Opens an engine on what is on the disk; the one before it is left as a kill would leave it.
  private SessionEngine engine(EngineGuarantees guarantees) {
    if (!open.isEmpty()) {
      store = new SimulatedStore(disk);
    }
    var engine = SessionEngine.open(store, SETTINGS, world.environment(), null, guarantees);
    open.add(engine);
    return engine;
  }

  @AfterEach
  void stopThreads() {
    open.forEach(SessionEngine::abandon);
  }

  private static Caller caller(String operationId) {
    return new Caller("operator", operationId);
  }

  private static SessionId session(SessionEngine engine) {
    return engine
        .openSession("alpha", null, SwarmConfiguration.DEFAULT, caller("open-alpha"))
        .state()
        .id();
  }

  private static Command spawn(String type) {
    return new Command.SpawnAgent(type, null, null, null);
  }

  private static Command remember(String key) {
    return new Command.StoreMemory(new MemoryKey("n", key), new JsonString("v"), null, null);
  }

  private static Agent agentOf(Committed committed) {
    return ((Operation.AgentSpawned) committed.operation()).agent();
  }

  @Test
  void an_acknowledged_operation_is_there_after_a_kill() {
    SessionEngine engine = engine();
    SessionId id = session(engine);
    Committed committed = engine.submit(id, spawn("coder"), caller("op-1"));
    SessionEngine next = engine();
    SessionView view = next.view(id);
    assertThat(view.state().agents()).containsKey(agentOf(committed).id());
    assertThat(view.head()).isEqualTo(committed.receipt());
    assertThat(next.standing(committed.receipt())).isEqualTo(ReceiptStanding.HELD);
  }

  @Test
  void a_repeated_operation_id_gives_the_first_result_even_after_a_kill_and_a_checkpoint() {
    SessionEngine engine = engine();
    SessionId id = session(engine);
    Committed first = engine.submit(id, spawn("coder"), caller("op-1"));
    Committed again = engine.submit(id, spawn("coder"), caller("op-1"));
    assertThat(again.repeated()).isTrue();
    assertThat(again.receipt()).isEqualTo(first.receipt());
    assertThat(again.operation()).isEqualTo(first.operation());
    engine.checkpoint(id, null);
    SessionEngine next = engine();
    Committed later = next.submit(id, spawn("coder"), caller("op-1"));
    assertThat(later.operation()).isEqualTo(first.operation());
    assertThat(next.view(id).state().agents()).hasSize(1);
  }

  @Test
  void an_operation_id_used_for_another_command_is_refused() {
    SessionEngine engine = engine();
    SessionId id = session(engine);
    engine.submit(id, spawn("coder"), caller("op-1"));
    assertThatThrownBy(() -> engine.submit(id, spawn("tester"), caller("op-1")))
        .isInstanceOfSatisfying(
            Refusal.class, r -> assertThat(r.code()).isEqualTo(Refusal.Code.OPERATION_ID_REUSED));
  }

  @Test
  void operation_ids_of_two_principals_never_meet() {
    SessionEngine engine = engine();
    SessionId id = session(engine);
    engine.submit(id, spawn("coder"), caller("op-1"));
    engine.submit(id, spawn("tester"), new Caller("other", "op-1"));
    assertThat(engine.view(id).state().agents()).hasSize(2);
  }

  @Test
  void a_uuid_that_is_older_than_ids_are_remembered_is_refused_and_never_run() {
    SessionEngine engine = engine();
    SessionId id = session(engine);
    String old = world.newId().toString();
    world.pass(SETTINGS.operationIdMillis() + 1);
    assertThatThrownBy(() -> engine.submit(id, spawn("coder"), caller(old)))
        .isInstanceOfSatisfying(
            Refusal.class, r -> assertThat(r.code()).isEqualTo(Refusal.Code.OPERATION_EXPIRED));
    assertThat(engine.operation(id, caller(old))).isInstanceOf(OperationLookup.Expired.class);
    assertThat(engine.view(id).state().agents()).isEmpty();
  }

  @Test
  void an_operation_can_be_asked_for_by_its_id() {
    SessionEngine engine = engine();
    SessionId id = session(engine);
    Committed committed = engine.submit(id, spawn("coder"), caller("op-1"));
    assertThat(engine.operation(id, caller("op-1")))
        .isInstanceOfSatisfying(
            OperationLookup.Applied.class,
            applied -> assertThat(applied.committed().receipt()).isEqualTo(committed.receipt()));
    assertThat(engine.operation(id, caller("never"))).isEqualTo(new OperationLookup.NotFound());
  }

  @Test
  void opening_by_name_creates_once_and_says_so() {
    SessionEngine engine = engine();
    Opened first = engine.openSession("a", null, SwarmConfiguration.DEFAULT, caller("x"));
    Opened repeat = engine.openSession("a", null, SwarmConfiguration.DEFAULT, caller("x"));
    Opened second = engine.openSession("a", null, SwarmConfiguration.DEFAULT, caller("y"));
    assertThat(first.created()).isTrue();
    assertThat(repeat.created()).isTrue();
    assertThat(second.created()).isFalse();
    assertThat(second.state().id()).isEqualTo(first.state().id());
    Opened unnamed = engine.openSession(null, null, SwarmConfiguration.DEFAULT, caller("z"));
    Opened again = engine.openSession(null, null, SwarmConfiguration.DEFAULT, caller("z"));
    assertThat(again.state().id()).isEqualTo(unnamed.state().id());
    assertThat(engine.sessions()).hasSize(2);
  }

  @Test
  void a_refusal_changes_nothing() {
    SessionEngine engine = engine();
    SessionId id = session(engine);
    Receipt before = engine.view(id).head();
    assertThatThrownBy(() -> engine.submit(id, new Command.RetireAgent("agent-99"), caller("r")))
        .isInstanceOf(Refusal.class);
    assertThat(engine.view(id).head()).isEqualTo(before);
    assertThat(engine.operation(id, caller("r"))).isEqualTo(new OperationLookup.NotFound());
  }

  @Test
  void a_commit_that_failed_without_a_trace_is_a_definite_no_and_can_be_repeated() {
    SessionEngine engine = engine();
    SessionId id = session(engine);
    store.failNext(Fault.BEFORE_WRITE);
    assertThatThrownBy(() -> engine.submit(id, spawn("coder"), caller("op-1")))
        .isInstanceOf(StoreUnavailable.class);
    assertThat(engine.view(id).state().agents()).isEmpty();
    assertThat(engine.submit(id, spawn("coder"), caller("op-1")).repeated()).isFalse();
    assertThat(engine.view(id).state().agents()).hasSize(1);
    assertThat(store.hits()).isEqualTo(1);
  }

  @Test
  void a_commit_that_failed_but_was_written_is_acknowledged_once() {
    SessionEngine engine = engine();
    SessionId id = session(engine);
    store.failNext(Fault.AFTER_WRITE);
    Committed committed = engine.submit(id, spawn("coder"), caller("op-1"));
    assertThat(engine.submit(id, spawn("coder"), caller("op-1")).receipt())
        .isEqualTo(committed.receipt());
    assertThat(disk.losePower()).isZero();
    assertThat(engine().view(id).state().agents()).hasSize(1);
  }

  @Test
  void a_checkpoint_and_the_journal_behind_it_give_the_same_state() {
    SessionEngine engine = engine();
    SessionId id = session(engine);
    for (int i = 0; i < 20; i++) {
      engine.submit(id, spawn("coder"), caller("before-" + i));
    }
    CheckpointInfo info = engine.checkpoint(id, "half way");
    assertThat(info.verified()).isTrue();
    for (int i = 0; i < 20; i++) {
      engine.submit(id, remember("k" + i), caller("after-" + i));
    }
    SessionView before = engine.view(id);
    SessionEngine next = engine();
    assertThat(next.view(id)).isEqualTo(before);
    RecoveryRecord record = next.recoveries(id, 10).getFirst();
    assertThat(record.checkpointId()).isEqualTo(info.id());
    assertThat(record.operationsReplayed()).isEqualTo(20);
    assertThat(record.success()).isTrue();
  }

  @Test
  void the_journal_can_be_read_across_checkpoints() {
    SessionEngine engine = engine();
    SessionId id = session(engine);
    for (int i = 0; i < 30; i++) {
      engine.submit(id, spawn("coder"), caller("op-" + i));
      if (i % 7 == 0) {
        engine.checkpoint(id, null);
      }
    }
    var seqs = new ArrayList<Long>();
    engine.journal(id, 5, 20, entry -> seqs.add(entry.seq()));
    assertThat(seqs).hasSize(20).startsWith(5L, 6L).endsWith(23L, 24L);
    assertThat(engine.verify().findings()).isEmpty();
  }

  @Test
  void sessions_that_nobody_asks_for_leave_memory_and_come_back_as_they_were() {
    SessionEngine engine = engine();
    var views = new ArrayList<SessionView>();
    for (int i = 0; i < 10; i++) {
      SessionId id =
          engine
              .openSession("s" + i, null, SwarmConfiguration.DEFAULT, caller("o" + i))
              .state()
              .id();
      engine.submit(id, spawn("coder"), caller("spawn"));
      views.add(engine.view(id));
      world.pass(1_000);
    }
    engine.tick();
    assertThat(engine.sessions().stream().filter(SessionSummary::resident)).hasSize(3);
    for (SessionView view : views) {
      assertThat(engine.view(view.state().id())).isEqualTo(view);
      Committed repeat = engine.submit(view.state().id(), spawn("coder"), caller("spawn"));
      assertThat(repeat.receipt()).isEqualTo(view.head());
      engine.submit(view.state().id(), spawn("tester"), caller("spawn-2"));
    }
    SessionEngine next = engine();
    for (SessionView view : views) {
      assertThat(next.view(view.state().id()).state().agents()).hasSize(2);
    }
    assertThat(next.verify().findings()).isEmpty();
  }

  @Test
  void a_store_that_was_closed_in_order_needs_no_recovery() {
    SessionEngine engine = engine();
    SessionId id = session(engine);
    engine.submit(id, spawn("coder"), caller("op-1"));
    engine.close();
    SessionEngine next = engine();
    assertThat(next.recoveryRuns(10)).isEmpty();
    assertThat(next.view(id).state().agents()).hasSize(1);
  }

  @Test
  void a_crash_is_recorded_and_every_active_session_recovered() {
    SessionEngine engine = engine();
    var ids = new ArrayList<SessionId>();
    for (int i = 0; i < 5; i++) {
      SessionId id =
          engine
              .openSession("s" + i, null, SwarmConfiguration.DEFAULT, caller("o" + i))
              .state()
              .id();
      engine.submit(id, spawn("coder"), caller("a" + i));
      ids.add(id);
    }
    world.pass(1_234);
    SessionEngine next = engine();
    assertThat(next.recoveryRuns(1).getFirst().finished()).isFalse();
    next.recoverAll();
    var run = next.recoveryRuns(1).getFirst();
    assertThat(run.finished()).isTrue();
    assertThat(run.success()).isTrue();
    assertThat(run.sessionsRecovered()).isEqualTo(5);
    for (SessionId id : ids) {
      RecoveryRecord record = next.recoveries(id, 1).getFirst();
      assertThat(record.recoveryId()).isEqualTo(run.recoveryId());
      assertThat(record.phaseMicros())
          .containsOnlyKeys("detect", "load", "validate", "replay", "verify");
    }
  }

  @Test
  void time_during_which_nobody_could_renew_counts_against_no_lease() {
    SessionEngine engine = engine();
    SessionId id = session(engine);
    Agent agent = agentOf(engine.submit(id, spawn("coder"), caller("a")));
    Task task =
        ((Operation.TaskCreated)
                engine
                    .submit(
                        id,
                        new Command.CreateTask("work", null, null, null, null, null),
                        caller("t"))
                    .operation())
            .task();
    var claimed =
        (Operation.TaskClaimed)
            engine
                .submit(id, new Command.ClaimTask(agent.id(), task.id(), 10_000L), caller("c"))
                .operation();
    world.pass(60_000);
    SessionEngine next = engine();
    next.recoverAll();
    next.tick();
    assertThat(next.view(id).state().tasks().values())
        .singleElement()
        .extracting(Task::status)
        .isEqualTo(TaskStatus.RUNNING);
    String token = claimed.task().lease() == null ? "" : claimed.task().lease().token();
    next.submit(id, new Command.CompleteTask(task.id(), token, null), caller("done"));
    assertThat(next.view(id).state().tasks().values())
        .singleElement()
        .extracting(Task::status)
        .isEqualTo(TaskStatus.COMPLETED);
  }

  @Test
  void a_lease_that_ran_out_puts_the_task_back_by_itself() {
    SessionEngine engine = engine();
    SessionId id = session(engine);
    Agent agent = agentOf(engine.submit(id, spawn("coder"), caller("a")));
    engine.submit(id, new Command.CreateTask("work", null, null, null, 3, null), caller("t"));
    engine.submit(id, new Command.ClaimTask(agent.id(), null, 10_000L), caller("c"));
    world.pass(10_001);
    engine.tick();
    engine.probe();
    assertThat(engine.view(id).state().tasks().values())
        .singleElement()
        .extracting(Task::status)
        .isEqualTo(TaskStatus.PENDING);
  }

  @Test
  void damage_in_one_session_is_healed_and_no_other_notices() {
    SessionEngine engine = engine();
    SessionId good = session(engine);
    SessionId bad =
        engine.openSession("bad", null, SwarmConfiguration.DEFAULT, caller("b")).state().id();
    engine.submit(bad, spawn("coder"), caller("b1"));
    long frame = disk.frameCount();
    engine.submit(bad, spawn("coder"), caller("b2"));
    engine.submit(good, spawn("coder"), caller("g1"));
    disk.flip(frame, disk.frameBytes(frame) / 2);
    SessionEngine next = engine();
    next.recoverAll();
    assertThat(next.view(good).state().agents()).hasSize(1);
    assertThat(next.view(bad).state().agents()).hasSize(1);
    RecoveryRecord record = next.recoveries(bad, 1).getFirst();
    assertThat(record.strategy()).isEqualTo(RecoveryRecord.Strategy.PARTIAL_RECOVERY);
    assertThat(record.operationsLost()).isEqualTo(1);
    assertThat(next.recoveries(good, 1).getFirst().operationsLost()).isZero();
    assertThat(next.verify().isSound()).isFalse();
  }

  @Test
  void after_a_missing_frame_whoever_cannot_prove_to_have_lost_nothing_is_told_so() {
    SessionEngine engine = engine();
    SessionId before = session(engine);
    engine.submit(before, spawn("coder"), caller("x"));
    SessionId lost =
        engine.openSession("lost", null, SwarmConfiguration.DEFAULT, caller("l")).state().id();
    engine.submit(lost, spawn("coder"), caller("l1"));
    long frame = disk.frameCount();
    engine.submit(before, spawn("coder"), caller("y"));
    disk.drop(frame);
    SessionEngine next = engine();
    assertThat(next.view(before).state().agents()).hasSize(2);
    assertThat(next.recoveries(before, 1)).allMatch(record -> record.findings().isEmpty());
    assertThat(next.view(lost).head().seq()).isGreaterThan(2);
    assertThat(next.recoveries(lost, 1).getFirst().findings())
        .anyMatch(finding -> finding.contains("nothing shows"));
    assertThat(engine().view(lost)).isEqualTo(next.view(lost));
  }

  @Test
  void the_low_water_mark_moves_behind_checkpoints_and_less_is_read_at_the_next_opening() {
    SessionEngine engine = engine();
    SessionId id = session(engine);
    for (int i = 0; i < 200; i++) {
      engine.submit(id, remember("k" + i), caller("op-" + i));
    }
    engine.checkpoint(id, null);
    engine.tick();
    Committed after = engine.submit(id, remember("after"), caller("after"));
    SessionEngine next = engine();
    assertThat(store.marks().lowWater().id()).isGreaterThanOrEqualTo(200);
    assertThat(next.view(id).head()).isEqualTo(after.receipt());
    var entries = new ArrayList<Entry>();
    next.journal(id, 1, 1_000, entries::add);
    assertThat(entries).hasSize(202);
  }
}
