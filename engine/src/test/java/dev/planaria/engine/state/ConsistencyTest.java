package dev.planaria.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.json.JsonNull;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Each way in which a state can be wrong is noticed.
final class ConsistencyTest {

  private final TestSession session = new TestSession();
  private String agent = "";
  private String running = "";
  private String waiting = "";

  @BeforeEach
  void aBusySession() {
    agent = session.spawn();
    running = session.create();
    session.claim(agent, running);
    waiting = session.create(running);
    session.store("k", JsonNull.NULL);
    assertThat(Consistency.check(session.state())).isEmpty();
  }

  @Test
  void an_agent_that_works_on_nothing_or_on_something_else() {
    var a = session.agent(agent);
    finds(put(agent(a, AgentStatus.BUSY, null)), "agents", "exactly while it is busy");
    finds(put(agent(a, AgentStatus.IDLE, running)), "agents", "exactly while it is busy");
    finds(put(agent(a, AgentStatus.BUSY, "task-99")), "agents", "current task does not exist");
    finds(put(agent(a, AgentStatus.BUSY, waiting)), "agents", "not being worked on by it");
    finds(put(agent(a, AgentStatus.RETIRED, null)), "tasks", "its assignee is retired");
  }

  @Test
  void a_task_without_its_agent() {
    finds(put(new Draft(running).assignee(null)), "tasks", "it has no assignee");
    finds(put(new Draft(running).assignee("agent-99")), "tasks", "its assignee does not exist");
    finds(put(new Draft(waiting).assignee(agent)), "tasks", "an assignee while it is pending");
    var idle = session.spawn();
    finds(put(new Draft(running).assignee(idle)), "tasks", "its assignee works on something else");
  }

  @Test
  void numbers_and_times_out_of_bounds() {
    finds(put(new Draft(running).progress(101)), "tasks", "progress is not within");
    finds(put(new Draft(running).progress(-1)), "tasks", "progress is not within");
    finds(put(new Draft(running).attempts(9)), "tasks", "more attempts than it may have");
    finds(put(new Draft(running).lease(null)), "tasks", "a lease exactly while it is running");
    finds(put(new Draft(running).finishedAt(5L)), "tasks", "an end exactly when it is final");
    finds(put(new Draft(waiting).lease(new Lease("t", 1, 2))), "tasks", "a lease exactly while");
  }

  @Test
  void dependencies_that_are_missing_double_hopeless_or_circular() {
    finds(put(new Draft(waiting).dependsOn("task-99")), "tasks", "a task that does not exist");
    finds(put(new Draft(waiting).dependsOn(running, running)), "tasks", "the same task twice");
    finds(put(new Draft(running).dependsOn(waiting)), "tasks", "in a circle");
    finds(put(new Draft(waiting).dependsOn(waiting)), "tasks", "in a circle");
    finds(
        put(new Draft(running).status(TaskStatus.FAILED).lease(null).finishedAt(5L)),
        "tasks",
        "never be completed");
    finds(
        put(new Draft(waiting).status(TaskStatus.COMPLETED).finishedAt(5L)),
        "tasks",
        "before " + running + " was completed");
  }

  @Test
  void memory_that_does_not_add_up() {
    var key = new MemoryKey("default", "k");
    finds(
        session.state(),
        new MemoryEntry(key, new JsonString("x"), 99, 1, 0, null),
        "its size is not what it says");
    finds(
        session.state(),
        new MemoryEntry(key, JsonNull.NULL, 4, 0, 0, null),
        "its version was never given");
    var state = session.state();
    var wrongSum =
        new SessionState(
            state.id(),
            state.name(),
            state.status(),
            state.history(),
            state.configuration(),
            state.agents(),
            state.tasks(),
            state.connections(),
            state.calls(),
            state.memory(),
            state.lastMemoryVersion(),
            7,
            0,
            0,
            state.indexes());
    finds(wrongSum, "memory", "the sizes do not add up");
  }

  @Test
  void indexes_that_are_not_those_of_the_parts() {
    var state = session.state();
    var wrong =
        new SessionState(
            state.id(),
            state.name(),
            state.status(),
            state.history(),
            state.configuration(),
            state.agents(),
            state.tasks(),
            state.connections(),
            state.calls(),
            state.memory(),
            state.lastMemoryVersion(),
            state.memoryBytes(),
            0,
            0,
            Indexes.EMPTY);
    finds(wrong, "session", "the indexes are not those of its parts");
  }

  @Test
  void a_terminated_session_with_work_left() {
    finds(
        DecideTest.withStatus(session.state(), SessionStatus.TERMINATED),
        "session",
        "live agents, unfinished tasks or open calls");
  }

  @Test
  void parts_under_another_id() {
    var edit = session.state();
    var misplaced =
        new SessionState(
            edit.id(),
            edit.name(),
            edit.status(),
            edit.history(),
            edit.configuration(),
            edit.agents().plus("agent-77", session.agent(agent)),
            edit.tasks(),
            edit.connections(),
            edit.calls(),
            edit.memory(),
            edit.lastMemoryVersion(),
            edit.memoryBytes(),
            0,
            0,
            edit.indexes());
    finds(misplaced, "agents", "stands under another id");
  }

  private SessionState put(Agent changed) {
    return new StateEdit(session.state()).agent(changed).at(session.now());
  }

  private SessionState put(Draft changed) {
    return new StateEdit(session.state()).task(changed.toTask()).at(session.now());
  }

  private static void finds(SessionState state, MemoryEntry entry, String words) {
    finds(new StateEdit(state).memory(entry).at(0), "memory", words);
  }

  private static void finds(SessionState state, String component, String words) {
    assertThat(Consistency.check(state))
        .anySatisfy(finding -> {
          assertThat(finding.component()).isEqualTo(component);
          assertThat(finding.sentence()).contains(words);
        });
  }

  private static Agent agent(Agent agent, AgentStatus status, @Nullable String currentTask) {
    return AgentRules.seen(agent, status, currentTask, 0);
  }

  /// A task of the session with something changed.
  private final class Draft {
    private final Task task;
    private TaskStatus status;
    private @Nullable String assignee;
    private List<String> dependsOn;
    private int progress;
    private int attempts;
    private @Nullable Lease lease;
    private @Nullable Long finishedAt;

    Draft(String id) {
      task = session.task(id);
      status = task.status();
      assignee = task.assignee();
      dependsOn = task.dependsOn();
      progress = task.progressPercent();
      attempts = task.attempts();
      lease = task.lease();
      finishedAt = task.finishedAtMillis();
    }

    Draft status(TaskStatus value) {
      status = value;
      return this;
    }

    Draft assignee(@Nullable String value) {
      assignee = value;
      return this;
    }

    Draft dependsOn(String... value) {
      dependsOn = List.of(value);
      return this;
    }

    Draft progress(int value) {
      progress = value;
      return this;
    }

    Draft attempts(int value) {
      attempts = value;
      return this;
    }

    Draft lease(@Nullable Lease value) {
      lease = value;
      return this;
    }

    Draft finishedAt(@Nullable Long value) {
      finishedAt = value;
      return this;
    }

    Task toTask() {
      return new Task(
          task.id(),
          task.description(),
          task.priority(),
          status,
          assignee,
          dependsOn,
          progress,
          attempts,
          task.maxAttempts(),
          lease,
          null,
          null,
          JsonObject.EMPTY,
          0,
          0,
          null,
          finishedAt);
    }
  }
}
