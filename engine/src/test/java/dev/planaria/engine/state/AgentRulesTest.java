package dev.planaria.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.state.Refusal.Code;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Agents come, change, are heard of, and go.
final class AgentRulesTest {

  private final TestSession session = new TestSession();

  @Test
  void an_agent_gets_an_id_from_the_seq_and_defaults_for_what_was_not_given() {
    session.submit(new Command.SpawnAgent("coder", null, null, null));
    assertThat(session.agent("agent-2"))
        .isEqualTo(
            new Agent(
                "agent-2",
                "coder",
                "agent-2",
                List.of(),
                AgentStatus.IDLE,
                null,
                TestSession.START,
                JsonObject.EMPTY,
                TestSession.START,
                TestSession.START));
  }

  @Test
  void names_need_not_be_unique() {
    session.submit(new Command.SpawnAgent("coder", "Ada", List.of("java"), null));
    session.submit(new Command.SpawnAgent("coder", "Ada", List.of("java"), null));
    assertThat(session.state().agents().values())
        .extracting(Agent::name)
        .containsExactly("Ada", "Ada");
  }

  @Test
  void only_what_is_given_is_changed() {
    var id = session.spawn("coder", "java");
    session
        .tick(5)
        .submit(new Command.UpdateAgent(id, "Ada", null, null, TestSession.object("team", "blue")));
    var agent = session.agent(id);
    assertThat(agent.name()).isEqualTo("Ada");
    assertThat(agent.capabilities()).containsExactly("java");
    assertThat(agent.metadata()).isEqualTo(TestSession.object("team", "blue"));
    assertThat(agent.updatedAtMillis()).isEqualTo(TestSession.START + 5);
    assertThat(agent.lastHeartbeatMillis()).isEqualTo(TestSession.START);
  }

  @Test
  void an_agent_may_be_set_offline_and_idle_and_nothing_else() {
    var id = session.spawn();
    session.submit(status(id, AgentStatus.OFFLINE));
    assertThat(session.agent(id).status()).isEqualTo(AgentStatus.OFFLINE);
    session.submit(status(id, AgentStatus.IDLE));
    assertThat(session.agent(id).status()).isEqualTo(AgentStatus.IDLE);
    session.refuses(
        status(id, AgentStatus.BUSY), Code.INVALID_ARGUMENT, "`status` must be idle or offline");
    session.refuses(status(id, AgentStatus.RETIRED), Code.INVALID_ARGUMENT, "`status`");
  }

  @Test
  void a_busy_agent_cannot_be_talked_out_of_its_task() {
    var id = session.spawn();
    var task = session.create();
    session.claim(id);
    session.refuses(status(id, AgentStatus.IDLE), Code.WRONG_STATE, "works on " + task);
    session.refuses(status(id, AgentStatus.OFFLINE), Code.WRONG_STATE, "cannot become offline");
    session.submit(status(id, AgentStatus.BUSY));
    assertThat(session.agent(id).currentTask()).isEqualTo(task);
  }

  @Test
  void a_heartbeat_is_remembered_and_brings_an_offline_agent_back() {
    var id = session.spawn();
    session.submit(status(id, AgentStatus.OFFLINE));
    session.tick(1_000).submit(new Command.HeartbeatAgent(id));
    assertThat(session.agent(id).status()).isEqualTo(AgentStatus.IDLE);
    assertThat(session.agent(id).lastHeartbeatMillis()).isEqualTo(TestSession.START + 1_000);
  }

  @Test
  void a_heartbeat_leaves_a_busy_agent_busy_and_its_lease_as_it_was() {
    var id = session.spawn();
    var task = session.create();
    session.claim(id);
    var lease = session.task(task).lease();
    session.tick(1_000).submit(new Command.HeartbeatAgent(id));
    assertThat(session.agent(id).status()).isEqualTo(AgentStatus.BUSY);
    assertThat(session.task(task).lease()).isEqualTo(lease);
  }

  @Test
  void a_claim_is_a_sign_of_life_too() {
    var id = session.spawn();
    session.create();
    session.submit(status(id, AgentStatus.OFFLINE));
    session.tick(1_000).claim(id);
    assertThat(session.agent(id).status()).isEqualTo(AgentStatus.BUSY);
    assertThat(session.agent(id).lastHeartbeatMillis()).isEqualTo(TestSession.START + 1_000);
  }

  @Test
  void a_retired_agent_gives_its_tasks_back_to_the_board() {
    var id = session.spawn();
    var running = session.create();
    session.claim(id, running);
    var waiting = session.createFor(id);
    var blocked = session.createFor(id, running);
    var retired = (Operation.AgentRetired) session.submit(new Command.RetireAgent(id));
    assertThat(retired.released()).extracting(Task::id).containsExactly(running, waiting, blocked);
    assertThat(session.agent(id).status()).isEqualTo(AgentStatus.RETIRED);
    assertThat(session.agent(id).currentTask()).isNull();
    for (var task : List.of(running, waiting, blocked)) {
      assertThat(session.task(task).status()).isEqualTo(TaskStatus.PENDING);
      assertThat(session.task(task).assignee()).isNull();
    }
    assertThat(session.task(running).error()).contains("retired");
    assertThat(session.claim(session.spawn()).task().id()).isEqualTo(running);
  }

  @Test
  void a_task_whose_last_attempt_ends_with_its_agents_retirement_has_failed() {
    var id = session.spawn();
    var task = session.create(new Command.CreateTask("do it", null, null, null, 1, null));
    var dependent = session.createFor(id, task);
    session.claim(id, task);
    session.submit(new Command.RetireAgent(id));
    assertThat(session.task(task).status()).isEqualTo(TaskStatus.FAILED);
    assertThat(session.task(dependent).status()).isEqualTo(TaskStatus.CANCELLED);
    assertThat(Consistency.check(session.state())).isEmpty();
  }

  @Test
  void a_retired_agent_is_refused_everything() {
    var id = session.spawn();
    session.create();
    session.submit(new Command.RetireAgent(id));
    for (var command :
        List.of(
            new Command.HeartbeatAgent(id),
            status(id, AgentStatus.IDLE),
            new Command.RetireAgent(id),
            new Command.ClaimTask(id, null, null),
            new Command.CreateTask("do it", null, null, id, null, null))) {
      session.refuses(command, Code.WRONG_STATE, id + " is retired");
    }
  }

  @Test
  void an_agent_that_does_not_exist_is_not_found() {
    for (var command :
        List.of(
            new Command.HeartbeatAgent("agent-9"),
            new Command.RetireAgent("agent-9"),
            status("agent-9", AgentStatus.IDLE),
            new Command.ClaimTask("agent-9", null, null),
            new Command.CreateTask("do it", null, null, "agent-9", null, null))) {
      session.refuses(command, Code.NOT_FOUND, "there is no agent `agent-9`");
    }
  }

  @Test
  void a_strangers_id_is_shown_short_and_without_tricks() {
    var refusal = session.refused(new Command.HeartbeatAgent("\u202Eevil\n" + "x".repeat(10_000)));
    assertThat(refusal.getMessage())
        .contains("?evil?")
        .doesNotContain("\u202E")
        .hasSizeLessThan(120);
  }

  @Test
  void the_swarms_configuration_bounds_the_live_agents() {
    session.submit(new Command.ConfigureSwarm(null, 2, null));
    var first = session.spawn();
    session.spawn();
    session.refuses(
        new Command.SpawnAgent("coder", null, null, null), Code.LIMIT_EXCEEDED, "max_agents");
    session.submit(new Command.RetireAgent(first));
    session.spawn();
  }

  private static Command status(String agentId, AgentStatus status) {
    return new Command.UpdateAgent(agentId, null, status, null, null);
  }
}
