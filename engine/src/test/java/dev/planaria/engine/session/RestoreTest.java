package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.state.Agent;
import dev.planaria.engine.state.AgentStatus;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.Connection;
import dev.planaria.engine.state.ConnectionStatus;
import dev.planaria.engine.state.Era;
import dev.planaria.engine.state.MemoryEntry;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.SeqRange;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.state.Task;
import dev.planaria.engine.state.TaskStatus;
import dev.planaria.engine.state.Transport;
import dev.planaria.engine.storage.simulated.SimulatedDisk;
import dev.planaria.engine.storage.simulated.SimulatedStore;
import dev.planaria.engine.storage.simulated.SimulatedStore.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RestoreTest {

  private final TestEnvironment world = new TestEnvironment();
  private final SimulatedDisk disk = new SimulatedDisk();
  private final List<SessionEngine> open = new ArrayList<>();
  private SimulatedStore store = new SimulatedStore(disk);
  private SessionEngine engine = reopen();
  private final SessionId id = session("alpha");

  /// Opens an engine on what is on the disk; the one before it is left as a kill would leave it.
  private SessionEngine reopen() {
    if (!open.isEmpty()) {
      open.getLast().abandon();
      store = new SimulatedStore(disk);
    }
    var opened =
        SessionEngine.open(
            store, SessionEngineTest.SETTINGS, world.environment(), null, EngineGuarantees.ALL);
    open.add(opened);
    engine = opened;
    return opened;
  }

  @AfterEach
  void stopThreads() {
    open.forEach(SessionEngine::abandon);
  }

  private SessionId session(String name) {
    return engine
        .openSession(name, null, SwarmConfiguration.DEFAULT, caller("open-" + name))
        .state()
        .id();
  }

  private static Caller caller(@Nullable String operationId) {
    return new Caller("operator", operationId);
  }

  private Committed remember(String key, String value) {
    return remember(key, value, null);
  }

  private Committed remember(String key, String value, @Nullable Long ifVersion) {
    return submit(
        new Command.StoreMemory(new MemoryKey("n", key), new JsonString(value), null, ifVersion));
  }

  private Committed submit(Command command) {
    return engine.submit(id, command, caller(null));
  }

  private Committed restore(long seq) {
    return engine.restore(id, new PastPoint.AtSeq(seq), caller(null));
  }

  private static long dropped(Committed restored) {
    return ((Operation.Restored) restored.operation()).dropped();
  }

  private SessionState state() {
    return engine.view(id).state();
  }

  private @Nullable String value(String key) {
    MemoryEntry entry = state().memory().get(new MemoryKey("n", key));
    return entry == null ? null : ((JsonString) entry.value()).value();
  }

  private String spawn() {
    return ((Operation.AgentSpawned)
            submit(new Command.SpawnAgent("coder", null, null, null)).operation())
        .agent()
        .id();
  }

  private String create() {
    return ((Operation.TaskCreated)
            submit(new Command.CreateTask("work", null, null, null, 2, null)).operation())
        .task()
        .id();
  }

  private Task task(String taskId) {
    return Objects.requireNonNull(state().tasks().get(taskId));
  }

  private Agent agent(String agentId) {
    return Objects.requireNonNull(state().agents().get(agentId));
  }

  private static void refused(ThrowingCallable call, Refusal.Code code, String words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(Refusal.class, r -> assertThat(r.code()).isEqualTo(code))
        .hasMessageContaining(words);
  }

  @Test
  void a_session_goes_back_by_an_operation_above_all_others_and_stays_so_after_a_kill() {
    remember("k", "one");
    long seq = engine.view(id).head().seq();
    SessionState then = state();
    remember("k", "two");
    remember("l", "three");
    Committed restored = restore(seq);
    assertThat(restored.receipt().seq()).isEqualTo(seq + 3);
    assertThat(dropped(restored)).isEqualTo(2);
    assertThat(state().memory()).isEqualTo(then.memory());
    assertThat(state().history().withoutEffect()).containsExactly(new SeqRange(seq + 1, seq + 2));
    SessionView before = engine.view(id);
    reopen();
    assertThat(engine.view(id)).isEqualTo(before);
    assertThat(engine.verify().findings()).isEmpty();
  }

  @Test
  void a_checkpoint_names_what_to_go_back_to() {
    remember("k", "one");
    CheckpointInfo info = engine.checkpoint(id, "good");
    remember("k", "two");
    var point = new PastPoint.AtCheckpoint(info.id());
    Committed restored = engine.restore(id, point, caller("back"));
    assertThat(((Operation.Restored) restored.operation()).checkpointId()).isEqualTo(info.id());
    assertThat(value("k")).isEqualTo("one");
    refused(
        () -> engine.restore(id, new PastPoint.AtCheckpoint("none"), caller("x")),
        Refusal.Code.NOT_FOUND,
        "`checkpoint_id` names no checkpoint of this session");
    Committed again = engine.restore(id, point, caller("back"));
    assertThat(again.repeated()).isTrue();
    assertThat(again.receipt()).isEqualTo(restored.receipt());
  }

  @Test
  void ids_of_operations_that_were_taken_back_say_so_and_are_not_done_again() {
    var command = new Command.StoreMemory(new MemoryKey("n", "k"), new JsonString("v"), null, null);
    Committed kept = engine.submit(id, command, caller("kept"));
    Committed gone = engine.submit(id, command, caller("gone"));
    restore(kept.receipt().seq());
    for (int round = 0; round < 3; round++) {
      assertThat(engine.operation(id, caller("kept"))).isInstanceOf(OperationLookup.Applied.class);
      assertThat(engine.operation(id, caller("gone"))).isEqualTo(new OperationLookup.RolledBack());
      refused(
          () -> engine.submit(id, command, caller("gone")),
          Refusal.Code.OPERATION_ROLLED_BACK,
          "do it again under a new id");
      assertThat(engine.standing(gone.receipt())).isEqualTo(ReceiptStanding.HELD);
      if (round == 1) {
        engine.checkpoint(id, null);
      }
      reopen();
    }
  }

  @Test
  void a_restore_can_itself_be_taken_back() {
    Committed one = engine.submit(id, store("k", "one"), caller("one"));
    Committed two = engine.submit(id, store("k", "two"), caller("two"));
    Committed back = restore(one.receipt().seq());
    Committed three = engine.submit(id, store("k", "three"), caller("three"));
    assertThat(back.receipt().seq()).isEqualTo(two.receipt().seq() + 1);
    Committed forth = restore(two.receipt().seq());
    assertThat(value("k")).isEqualTo("two");
    // The first restore and the third store have no effect any more; the second store has again.
    assertThat(dropped(forth)).isEqualTo(2);
    assertThat(engine.operation(id, caller("two"))).isInstanceOf(OperationLookup.Applied.class);
    assertThat(engine.operation(id, caller("three"))).isEqualTo(new OperationLookup.RolledBack());
    Committed again = engine.submit(id, store("k", "two"), caller("two"));
    assertThat(again.receipt()).isEqualTo(two.receipt());
    reopen();
    assertThat(engine.operation(id, caller("two"))).isInstanceOf(OperationLookup.Applied.class);
    assertThat(engine.operation(id, caller("three"))).isEqualTo(new OperationLookup.RolledBack());
    Committed last = restore(three.receipt().seq());
    assertThat(value("k")).isEqualTo("three");
    assertThat(dropped(last)).isEqualTo(2);
  }

  private static Command store(String key, String value) {
    return new Command.StoreMemory(new MemoryKey("n", key), new JsonString(value), null, null);
  }

  @Test
  void a_lease_is_not_brought_back_and_the_attempt_does_not_count() {
    String agent = spawn();
    String task = create();
    var claimed =
        (Operation.TaskClaimed) submit(new Command.ClaimTask(agent, task, null)).operation();
    long seq = engine.view(id).head().seq();
    String token = Objects.requireNonNull(claimed.task().lease()).token();
    submit(new Command.CompleteTask(task, token, null));
    restore(seq);
    assertThat(task(task).status()).isEqualTo(TaskStatus.PENDING);
    assertThat(task(task).lease()).isNull();
    assertThat(task(task).attempts()).isZero();
    assertThat(task(task).error()).contains("restored to an earlier operation");
    assertThat(agent(agent).status()).isEqualTo(AgentStatus.IDLE);
    assertThat(agent(agent).currentTask()).isNull();
    refused(
        () -> submit(new Command.CompleteTask(task, token, null)),
        Refusal.Code.LEASE_LOST,
        "claim the task again");
    submit(new Command.ClaimTask(agent, task, null));
  }

  @Test
  void whether_an_agent_is_there_is_told_by_the_present() {
    String gone = spawn();
    String silent = spawn();
    String assignedTo = spawn();
    String task =
        ((Operation.TaskCreated)
                submit(new Command.CreateTask("w", null, null, assignedTo, null, null)).operation())
            .task()
            .id();
    long seq = engine.view(id).head().seq();
    submit(new Command.RetireAgent(gone));
    submit(new Command.RetireAgent(assignedTo));
    submit(new Command.UpdateAgent(silent, null, AgentStatus.OFFLINE, null, null));
    String later = spawn();
    restore(seq);
    assertThat(agent(gone).status()).isEqualTo(AgentStatus.OFFLINE);
    assertThat(agent(silent).status()).isEqualTo(AgentStatus.OFFLINE);
    assertThat(task(task).status()).isEqualTo(TaskStatus.ASSIGNED);
    assertThat(state().agents()).doesNotContainKey(later);
    assertThat(spawn()).isNotEqualTo(later);
    submit(new Command.HeartbeatAgent(gone));
    assertThat(agent(gone).status()).isEqualTo(AgentStatus.IDLE);
  }

  @Test
  void connections_stay_as_they_are() {
    submit(new Command.PutConnection(connection("files", ConnectionStatus.CONNECTED)));
    long seq = engine.view(id).head().seq();
    submit(new Command.PutConnection(connection("files", ConnectionStatus.OFFLINE)));
    submit(new Command.PutConnection(connection("web", ConnectionStatus.CONNECTED)));
    var now = state().connections();
    restore(seq);
    assertThat(state().connections()).isEqualTo(now);
  }

  private Connection connection(String name, ConnectionStatus status) {
    Connection fresh =
        Connection.of(name, Transport.STREAMABLE_HTTP, Era.MODERN, world.nowMillis());
    return fresh.standing(status, fresh.standing(), 0, world.nowMillis(), world.nowMillis());
  }

  @Test
  void one_memory_version_names_one_value_for_ever() {
    var first = (Operation.MemoryStored) remember("k", "one").operation();
    long seq = engine.view(id).head().seq();
    var second = (Operation.MemoryStored) remember("k", "two").operation();
    restore(seq);
    refused(
        () -> remember("k", "x", second.entry().version()),
        Refusal.Code.VERSION_CONFLICT,
        "has version 1, not 2");
    var third =
        (Operation.MemoryStored) remember("k", "three", first.entry().version()).operation();
    assertThat(third.entry().version()).isGreaterThan(second.entry().version());
    restore(seq);
    refused(
        () -> remember("k", "x", third.entry().version()),
        Refusal.Code.VERSION_CONFLICT,
        "has version 1");
  }

  @Test
  void a_target_that_is_none_is_refused_and_nothing_changes() {
    remember("k", "one");
    SessionView before = engine.view(id);
    refused(() -> restore(0), Refusal.Code.NOT_FOUND, "1 to 2, not 0");
    refused(() -> restore(3), Refusal.Code.NOT_FOUND, "1 to 2, not 3");
    assertThat(engine.view(id)).isEqualTo(before);
    submit(new Command.CloseSession(null));
    refused(() -> restore(1), Refusal.Code.SESSION_NOT_ACTIVE, "terminated");
  }

  @Test
  void a_restore_that_is_too_large_is_refused_with_its_limit() {
    var limits = SessionEngineTest.SETTINGS.limits();
    long seq = engine.view(id).head().seq();
    for (int i = 0; i < 20; i++) {
      remember("k" + i, "x".repeat(1_000_000));
    }
    long full = engine.view(id).head().seq();
    assertThat(dropped(restore(seq))).isEqualTo(20);
    refused(() -> restore(full), Refusal.Code.LIMIT_EXCEEDED, "limits.carriedBytes");
    assertThat(state().memory()).isEmpty();
    assertThat(limits.carriedBytes()).isEqualTo(16 << 20);
  }

  @Test
  void the_same_restore_is_not_done_twice_and_its_id_names_no_other() {
    remember("k", "one");
    long seq = engine.view(id).head().seq();
    remember("k", "two");
    Committed first = engine.restore(id, new PastPoint.AtSeq(seq), caller("back"));
    remember("k", "three");
    Committed again = engine.restore(id, new PastPoint.AtSeq(seq), caller("back"));
    assertThat(again.repeated()).isTrue();
    assertThat(again.receipt()).isEqualTo(first.receipt());
    assertThat(value("k")).isEqualTo("three");
    refused(
        () -> engine.restore(id, new PastPoint.AtSeq(seq - 1), caller("back")),
        Refusal.Code.OPERATION_ID_REUSED,
        "back");
    reopen();
    assertThat(engine.restore(id, new PastPoint.AtSeq(seq), caller("back")).operation())
        .isEqualTo(first.operation());
  }

  @Test
  void a_restore_that_failed_leaves_nothing_behind() {
    Committed kept = engine.submit(id, store("k", "one"), caller("one"));
    engine.submit(id, store("k", "two"), caller("two"));
    store.failNext(Fault.BEFORE_WRITE);
    assertThatThrownBy(() -> restore(kept.receipt().seq())).isInstanceOf(StoreUnavailable.class);
    assertThat(value("k")).isEqualTo("two");
    assertThat(engine.operation(id, caller("two"))).isInstanceOf(OperationLookup.Applied.class);
    assertThat(store.hits()).isEqualTo(1);
    store.failNext(Fault.AFTER_WRITE);
    assertThat(dropped(restore(kept.receipt().seq()))).isEqualTo(1);
    assertThat(store.hits()).isEqualTo(2);
  }

  @Test
  void the_next_checkpoint_is_a_full_one_and_is_there_at_once() {
    remember("k", "one");
    long seq = engine.view(id).head().seq();
    engine.checkpoint(id, null);
    remember("k", "two");
    engine.checkpoint(id, null);
    Committed restored = restore(seq);
    CheckpointInfo newest = engine.checkpoints(id).getFirst();
    assertThat(newest.kind()).isEqualTo(CheckpointInfo.Kind.FULL);
    assertThat(newest.seq()).isEqualTo(restored.receipt().seq());
  }

  @Test
  void damage_behind_the_target_is_a_refusal_in_a_sentence() {
    Committed one = remember("k", "one");
    long frame = disk.frameCount();
    remember("k", "two");
    remember("k", "three");
    disk.flip(frame, disk.frameBytes(frame) / 2);
    refused(
        () -> restore(one.receipt().seq()),
        Refusal.Code.NOT_FOUND,
        "can no longer be told, since part of it is damaged");
    assertThat(value("k")).isEqualTo("three");
  }
}
