package dev.planaria.engine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.json.JsonNull;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.state.Refusal.Code;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// Opening, configuring, and who may say anything at all.
final class DecideTest {

  private static final MemoryKey KEY = new MemoryKey("default", "k");

  private static final Connection CONNECTION =
      TestSession.connection(
          "files",
          Transport.STDIO,
          Era.LEGACY,
          ConnectionStatus.CONNECTED,
          JsonObject.EMPTY,
          0,
          TestSession.START,
          TestSession.START);

  private static final List<Command> CALLERS_COMMANDS =
      List.of(
          new Command.ConfigureSwarm(null, null, null),
          new Command.CloseSession(null),
          new Command.SpawnAgent("coder", null, null, null),
          new Command.UpdateAgent("agent-2", null, null, null, null),
          new Command.HeartbeatAgent("agent-2"),
          new Command.RetireAgent("agent-2"),
          new Command.CreateTask("do it", null, null, null, null, null),
          new Command.OrchestrateTask("do it", null, null, null),
          new Command.ClaimTask("agent-2", null, null),
          new Command.UpdateTask("task-3", "t", null, null),
          new Command.CompleteTask("task-3", "t", null),
          new Command.FailTask("task-3", "t", "e"),
          new Command.StoreMemory(KEY, JsonNull.NULL, null, null),
          new Command.DeleteMemory(KEY),
          new Command.PutConnection(CONNECTION),
          new Command.RemoveConnection("files"),
          new Command.AcceptCall(
              TestSession.callId("op"),
              "files",
              "tools/call",
              "echo",
              CallClass.EFFECT,
              "{}",
              null,
              false,
              CallStatus.ACCEPTED),
          new Command.MoveCall(TestSession.callId("op"), CallStatus.SENT, null, null),
          new Command.UnsendCall(TestSession.callId("op"), "refused"),
          new Command.RetryCall(TestSession.callId("op")),
          new Command.ForgetCall(TestSession.callId("op")),
          new Command.DropReplay("files", null));

  private final TestSession session = new TestSession();

  @Test
  void a_new_session_is_active_and_empty() {
    var state = session.state();
    assertThat(state.status()).isEqualTo(SessionStatus.ACTIVE);
    assertThat(state.name()).isEqualTo("test");
    assertThat(state.configuration()).isEqualTo(SwarmConfiguration.DEFAULT);
    assertThat(state.createdAtMillis()).isEqualTo(TestSession.START);
    assertThat(state.counts().liveAgents()).isZero();
    assertThat(state.counts().tasks().total()).isZero();
  }

  @Test
  void a_session_cannot_have_a_name_that_looks_like_an_id_or_breaks_the_rules_for_names() {
    for (var name :
        List.of(TestSession.SESSION.toString(), "", " ", "a\nb", "a\u0000", "x".repeat(257))) {
      assertThatThrownBy(() ->
              Decide.open(
                  TestSession.SESSION, name, null, SwarmConfiguration.DEFAULT, Limits.DEFAULT))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("`name`");
    }
  }

  @Test
  void a_configuration_is_checked_when_a_session_is_opened_and_when_it_is_changed() {
    var wrong = new SwarmConfiguration(Topology.RING, 0, "balanced", JsonObject.EMPTY);
    assertThatThrownBy(() -> Decide.open(TestSession.SESSION, "a", null, wrong, Limits.DEFAULT))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("`max_agents` must be at least 1");
    session.refuses(
        new Command.ConfigureSwarm(null, 1_001, null), Code.LIMIT_EXCEEDED, "`limits.agents`");
    session.refuses(
        new Command.ConfigureSwarm(null, null, " "), Code.INVALID_ARGUMENT, "`strategy`");
  }

  @Test
  void only_what_is_given_of_a_configuration_is_changed() {
    session.submit(new Command.ConfigureSwarm(Topology.STAR, null, null));
    session.submit(new Command.ConfigureSwarm(null, 5, "adaptive"));
    assertThat(session.state().configuration())
        .isEqualTo(new SwarmConfiguration(Topology.STAR, 5, "adaptive", JsonObject.EMPTY));
  }

  @ParameterizedTest
  @EnumSource(value = SessionStatus.class, mode = Mode.EXCLUDE, names = "ACTIVE")
  void a_session_that_is_not_active_accepts_the_engines_own_commands_alone(SessionStatus status) {
    session.spawn();
    session.create();
    session.claim("agent-2");
    session.become(withStatus(session.state(), status));
    for (var command : CALLERS_COMMANDS) {
      session.refuses(
          command,
          Code.SESSION_NOT_ACTIVE,
          "the session is " + status.name().toLowerCase(Locale.ROOT));
    }
    session.submit(new Command.ResumeAfterCrash("recovery-1"));
    session.tick(Limits.DEFAULT.leaseMillisDefault()).submit(new Command.Sweep());
    assertThat(session.state().status()).isEqualTo(status);
  }

  @Test
  void a_connection_is_put_replaced_and_removed() {
    session.submit(new Command.PutConnection(CONNECTION));
    assertThat(session.state().connections()).containsOnlyKeys("files");
    session.submit(new Command.PutConnection(CONNECTION));
    assertThat(session.state().counts().connections()).isEqualTo(1);
    var removed =
        (Operation.ConnectionRemoved) session.submit(new Command.RemoveConnection("files"));
    assertThat(removed.existed()).isTrue();
    removed = (Operation.ConnectionRemoved) session.submit(new Command.RemoveConnection("files"));
    assertThat(removed.existed()).isFalse();
    assertThat(session.state().indexes()).isEqualTo(new TestSession().state().indexes());
  }

  @Test
  void the_time_of_the_last_change_never_goes_back() {
    session.tick(1_000).spawn();
    session.tick(-5_000).spawn();
    assertThat(session.state().updatedAtMillis()).isEqualTo(TestSession.START + 1_000);
  }

  @Test
  void counts_tell_agents_and_tasks_by_status() {
    var one = session.spawn();
    var two = session.spawn();
    session.create();
    session.create();
    session.claim(one);
    session.submit(new Command.RetireAgent(two));
    session.store("k", JsonNull.NULL);
    var counts = session.state().counts();
    assertThat(counts.agents().count(AgentStatus.BUSY)).isEqualTo(1);
    assertThat(counts.agents().count(AgentStatus.RETIRED)).isEqualTo(1);
    assertThat(counts.liveAgents()).isEqualTo(1);
    assertThat(counts.tasks().toMap())
        .containsEntry(TaskStatus.PENDING, 1)
        .containsEntry(TaskStatus.RUNNING, 1)
        .containsEntry(TaskStatus.FAILED, 0);
    assertThat(counts.tasks().total()).isEqualTo(2);
    assertThat(counts.memory()).isEqualTo(1);
  }

  static SessionState withStatus(SessionState state, SessionStatus status) {
    return new StateEdit(state).status(status).at(state.updatedAtMillis());
  }
}
