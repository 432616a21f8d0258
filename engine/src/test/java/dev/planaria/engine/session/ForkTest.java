package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.state.AgentStatus;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.state.TaskStatus;
import dev.planaria.engine.storage.simulated.Damage;
import dev.planaria.engine.storage.simulated.SimulatedDisk;
import dev.planaria.engine.storage.simulated.SimulatedStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ForkTest {

  private final TestEnvironment world = new TestEnvironment();
  private final SimulatedDisk disk = new SimulatedDisk();
  private final List<SessionEngine> open = new ArrayList<>();
  private SessionEngine engine = reopen();
  private final SessionId parent = open("parent");

  private SessionEngine reopen() {
    if (!open.isEmpty()) {
      open.getLast().abandon();
    }
    var opened =
        SessionEngine.open(
            new SimulatedStore(disk),
            SessionEngineTest.SETTINGS,
            world.environment(),
            null,
            EngineGuarantees.ALL);
    open.add(opened);
    engine = opened;
    return opened;
  }

  @AfterEach
  void stopThreads() {
    open.forEach(SessionEngine::abandon);
  }

  private SessionId open(String name) {
    return engine
        .openSession(name, null, SwarmConfiguration.DEFAULT, caller("open-" + name))
        .state()
        .id();
  }

  private static Caller caller(@Nullable String operationId) {
    return new Caller("operator", operationId);
  }

  private Committed submit(SessionId session, Command command) {
    return engine.submit(session, command, caller(null));
  }

  private Committed remember(SessionId session, String key, String value) {
    return submit(
        session,
        new Command.StoreMemory(new MemoryKey("n", key), new JsonString(value), null, null));
  }

  private String spawn(SessionId session) {
    return ((Operation.AgentSpawned)
            submit(session, new Command.SpawnAgent("coder", null, null, null)).operation())
        .agent()
        .id();
  }

  private String create(SessionId session) {
    return ((Operation.TaskCreated)
            submit(session, new Command.CreateTask("work", null, null, null, null, null))
                .operation())
        .task()
        .id();
  }

  private static void refused(ThrowingCallable call, Refusal.Code code, String words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(Refusal.class, r -> assertThat(r.code()).isEqualTo(code))
        .hasMessageContaining(words);
  }

  @Test
  void a_fork_has_what_its_parent_had_and_goes_its_own_way() {
    remember(parent, "k", "one");
    String agent = spawn(parent);
    String task = create(parent);
    submit(parent, new Command.ClaimTask(agent, task, null));
    Opened fork = engine.fork(parent, "copy", null, caller("f"));
    SessionId id = fork.state().id();
    SessionState state = fork.state();
    assertThat(fork.created()).isTrue();
    assertThat(fork.head().seq()).isEqualTo(1);
    assertThat(state.parent()).isEqualTo(parent);
    assertThat(state.memory()).isEqualTo(engine.view(parent).state().memory());
    assertThat(Objects.requireNonNull(state.tasks().get(task)).status())
        .isEqualTo(TaskStatus.PENDING);
    assertThat(Objects.requireNonNull(state.agents().get(agent)).status())
        .isEqualTo(AgentStatus.OFFLINE);
    assertThat(state.connections()).isEmpty();
    remember(id, "k", "in the fork");
    remember(parent, "k", "in the parent");
    SessionView before = engine.view(id);
    reopen();
    assertThat(engine.view(id)).isEqualTo(before);
    submit(id, new Command.ClaimTask(agent, task, null));
    assertThat(engine.find("copy").orElseThrow().id()).isEqualTo(id);
    assertThat(engine.verify().findings()).isEmpty();
  }

  @Test
  void no_id_that_is_made_later_meets_a_copied_one_not_even_in_a_fork_of_a_fork() {
    Set<String> made = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      made.add(spawn(parent));
      made.add(create(parent));
    }
    SessionId fork = engine.fork(parent, "fork", null, caller("f")).state().id();
    for (int i = 0; i < 12; i++) {
      assertThat(made.add(spawn(fork))).isTrue();
      assertThat(made.add(create(fork))).isTrue();
    }
    long seq = engine.view(fork).head().seq();
    SessionId second =
        engine.fork(fork, "fork of fork", new PastPoint.AtSeq(seq), caller("g")).state().id();
    reopen();
    for (int i = 0; i < 40; i++) {
      assertThat(made.add(spawn(second))).isTrue();
      assertThat(made.add(create(second))).isTrue();
    }
    assertThat(engine.view(second).state().agents()).hasSize(57);
  }

  @Test
  void a_fork_begins_where_it_is_told() {
    remember(parent, "k", "one");
    long seq = engine.view(parent).head().seq();
    String checkpoint = engine.checkpoint(parent, null).id();
    remember(parent, "k", "two");
    SessionState there = engine.viewAt(parent, seq).state();
    var atSeq = engine.fork(parent, "a", new PastPoint.AtSeq(seq), caller("a"));
    var atCheckpoint =
        engine.fork(parent, "b", new PastPoint.AtCheckpoint(checkpoint), caller("b"));
    assertThat(atSeq.state().memory()).isEqualTo(there.memory());
    assertThat(atCheckpoint.state().memory()).isEqualTo(there.memory());
    refused(
        () -> engine.fork(parent, "c", new PastPoint.AtSeq(99), caller("c")),
        Refusal.Code.NOT_FOUND,
        "`seq` must be");
    assertThat(engine.find("c")).isEmpty();
  }

  @Test
  void the_same_operation_id_gives_the_same_fork_and_another_caller_is_told_that_it_is_taken() {
    remember(parent, "k", "one");
    Opened first = engine.fork(parent, null, null, caller("f"));
    remember(parent, "k", "two");
    remember(first.state().id(), "k", "three");
    assertThat(engine.fork(parent, null, null, caller("f"))).isEqualTo(first);
    String name = first.state().name();
    assertThat(name).startsWith("fork-");
    refused(() -> engine.fork(parent, name, null, caller("g")), Refusal.Code.NAME_TAKEN, "already");
    refused(
        () -> engine.fork(parent, name, new PastPoint.AtSeq(1), caller("f")),
        Refusal.Code.OPERATION_ID_REUSED,
        "another command");
    refused(
        () -> engine.fork(parent, "parent", null, caller("h")), Refusal.Code.NAME_TAKEN, "already");
    reopen();
    assertThat(engine.fork(parent, null, null, caller("f")).state().id())
        .isEqualTo(first.state().id());
    assertThat(engine.sessions()).hasSize(2);
  }

  @Test
  void replaying_a_fork_never_needs_its_parent() {
    remember(parent, "k", "one");
    SessionId fork = engine.fork(parent, "copy", null, caller("f")).state().id();
    remember(fork, "l", "two");
    SessionView before = engine.view(fork);
    open.getLast().abandon();
    var damage = new Damage(disk);
    assertThat(damage.flipOperation(parent, 1)).isTrue();
    assertThat(damage.flipOperation(parent, 2)).isTrue();
    reopen();
    assertThat(engine.view(fork)).isEqualTo(before);
    assertThat(engine.recoveries(fork, 1)).allMatch(record -> record.operationsLost() == 0);
  }

  @Test
  void a_fork_that_has_lost_its_beginning_gives_no_id_twice() {
    for (int i = 0; i < 8; i++) {
      spawn(parent);
    }
    SessionId fork = engine.fork(parent, "copy", null, caller("f")).state().id();
    Set<String> known = new HashSet<>();
    submit(fork, new Command.HeartbeatAgent("agent-9"));
    known.add("agent-9");
    known.add(spawn(fork));
    open.getLast().abandon();
    var damage = new Damage(disk);
    damage.dropCheckpoints(fork);
    assertThat(damage.flipOperation(fork, 1)).isTrue();
    reopen();
    assertThat(engine.view(fork).state().agents().keySet()).containsExactlyElementsOf(known);
    assertThat(engine.recoveries(fork, 1).getFirst().operationsLost()).isEqualTo(1);
    for (int i = 0; i < 20; i++) {
      assertThat(known.add(spawn(fork))).isTrue();
    }
    assertThat(engine.view(fork).state().agents()).hasSize(22);
  }

  @Test
  void a_session_that_was_ended_is_forked_from_before_its_end() {
    remember(parent, "k", "one");
    submit(parent, new Command.CloseSession("done"));
    refused(
        () -> engine.fork(parent, "copy", null, caller("f")),
        Refusal.Code.WRONG_STATE,
        "was terminated at operation 3");
    Opened fork = engine.fork(parent, "copy", new PastPoint.AtSeq(2), caller("f"));
    assertThat(fork.state().memory()).hasSize(1);
  }

  @Test
  void names_and_limits_hold_for_forks_too() {
    refused(
        () -> engine.fork(parent, " ", null, caller("f")), Refusal.Code.INVALID_ARGUMENT, "`name`");
    for (int i = 0; i < 17; i++) {
      remember(parent, "k" + i, "x".repeat(1_000_000));
    }
    refused(
        () -> engine.fork(parent, "copy", null, caller("f")),
        Refusal.Code.LIMIT_EXCEEDED,
        "limits.carriedBytes");
    assertThat(engine.sessions()).hasSize(1);
  }
}
