package dev.planaria.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.state.Refusal.Code;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Tasks are made, depend on each other, and are given to agents.
final class TaskRulesTest {

  private final TestSession session = new TestSession();

  @Test
  void a_task_gets_an_id_from_the_seq_and_defaults_for_what_was_not_given() {
    session.submit(new Command.CreateTask("do\nit", null, null, null, null, null));
    assertThat(session.task("task-2"))
        .isEqualTo(
            new Task(
                "task-2",
                "do\nit",
                Priority.MEDIUM,
                TaskStatus.PENDING,
                null,
                List.of(),
                0,
                0,
                3,
                null,
                null,
                null,
                JsonObject.EMPTY,
                TestSession.START,
                TestSession.START,
                null,
                null));
  }

  @Test
  void tasks_are_listed_in_the_order_of_their_creation() {
    for (int i = 0; i < 12; i++) {
      session.create();
    }
    assertThat(session.state().tasks().keySet())
        .startsWith("task-2")
        .endsWith("task-12", "task-13");
  }

  @Test
  void a_task_made_for_an_agent_is_assigned_to_it() {
    var agent = session.spawn();
    var task = session.createFor(agent);
    assertThat(session.task(task).status()).isEqualTo(TaskStatus.ASSIGNED);
    assertThat(session.task(task).assignee()).isEqualTo(agent);
  }

  @Test
  void dependencies_must_exist_be_others_and_be_named_once() {
    var task = session.create();
    session.refuses(dependingOn("task-99"), Code.NOT_FOUND, "there is no task `task-99`");
    session.refuses(dependingOn(task, task), Code.INVALID_ARGUMENT, "names `" + task + "` twice");
    session.refuses(
        dependingOn("task-" + (session.seq() + 1)),
        Code.INVALID_ARGUMENT,
        "must not name the task itself");
  }

  @Test
  void a_task_that_could_never_run_is_refused() {
    var agent = session.spawn();
    var failed = session.create();
    var cancelled = session.create(failed);
    session.failForGood(agent, failed);
    session.refuses(
        dependingOn(failed), Code.WRONG_STATE, failed + " could never run: that one is failed");
    session.refuses(dependingOn(cancelled), Code.WRONG_STATE, "that one is cancelled");
  }

  @Test
  void attempts_are_bounded() {
    session.refuses(attempts(0), Code.INVALID_ARGUMENT, "`max_attempts` must be at least 1");
    session.refuses(attempts(101), Code.LIMIT_EXCEEDED, "`limits.maxAttempts`");
    assertThat(session.task(session.create((Command.CreateTask) attempts(100))).maxAttempts())
        .isEqualTo(100);
  }

  @Test
  void an_orchestrated_task_without_idle_agents_waits_on_the_board() {
    var task = orchestrate(null, null);
    assertThat(task.task().status()).isEqualTo(TaskStatus.PENDING);
    assertThat(task.task().assignee()).isNull();
    assertThat(task.agentIds()).isEmpty();
  }

  @Test
  void an_orchestrated_task_goes_to_idle_agents_and_names_them_all() {
    var busy = session.spawn();
    session.create();
    session.claim(busy);
    var one = session.spawn();
    var two = session.spawn();
    session.spawn();
    var offline = session.spawn();
    session.submit(new Command.UpdateAgent(offline, null, AgentStatus.OFFLINE, null, null));
    var orchestrated = orchestrate("by id", 2);
    assertThat(orchestrated.agentIds()).containsExactly(one, two);
    assertThat(orchestrated.task().assignee()).isEqualTo(one);
    assertThat(orchestrated.task().status()).isEqualTo(TaskStatus.ASSIGNED);
    assertThat(orchestrated.task().metadata().get("agents"))
        .isEqualTo(JsonArray.ofStrings(List.of(one, two)));
    assertThat(session.agent(one).status()).isEqualTo(AgentStatus.IDLE);
  }

  @Test
  void balanced_prefers_who_has_the_fewest_tasks_waiting() {
    var one = session.spawn();
    var two = session.spawn();
    session.createFor(one);
    assertThat(orchestrate("balanced", 2).agentIds()).containsExactly(two, one);
    assertThat(orchestrate(null, null).agentIds()).containsExactly(one, two);
  }

  @Test
  void specialized_prefers_who_is_mentioned_most_word_by_word() {
    var tester = session.spawn("tester", "jav");
    var coder = session.spawn("Coder", "Java", "unit tests", "???");
    var reviewer = session.spawn("reviewer", "Java");
    var command =
        new Command.OrchestrateTask(
            "Let a coder write JAVA: unit, tests.", "specialized", null, null);
    assertThat(((Operation.TaskOrchestrated) session.submit(command)).agentIds())
        .containsExactly(coder, reviewer, tester);
  }

  @Test
  void adaptive_prefers_who_was_heard_of_last() {
    session.spawn();
    var two = session.spawn();
    session.spawn();
    session.tick(1).submit(new Command.HeartbeatAgent(two));
    assertThat(orchestrate("adaptive", 1).agentIds()).containsExactly(two);
  }

  @Test
  void agents_are_compared_by_the_number_in_their_id() {
    for (int i = 0; i < 12; i++) {
      session.spawn();
    }
    assertThat(orchestrate("by id", 9).agentIds())
        .startsWith("agent-2", "agent-3")
        .endsWith("agent-10");
  }

  private Operation.TaskOrchestrated orchestrate(
      @Nullable String strategy, @Nullable Integer maxAgents) {
    return (Operation.TaskOrchestrated)
        session.submit(new Command.OrchestrateTask("do it", strategy, null, maxAgents));
  }

  private static Command dependingOn(String... tasks) {
    return new Command.CreateTask("do it", null, List.of(tasks), null, null, null);
  }

  private static Command attempts(int maxAttempts) {
    return new Command.CreateTask("do it", null, null, null, maxAttempts, null);
  }
}
