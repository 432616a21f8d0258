package dev.planaria.engine.state;

import dev.planaria.engine.json.Json;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whether the parts of a state agree with each other, and its values lie within their bounds: what
/// every state that was reached by [Transition] alone fulfils ([Rule]), and what a recovery
/// verifies before a session serves again. Pure.
public final class Consistency {

  private final SessionState state;
  private final List<Finding> findings = new ArrayList<>();

  private Consistency(SessionState state) {
    this.state = state;
  }

  /// A rule that does not hold.
  ///
  /// @param rule which
  /// @param component `agents`, `tasks`, `calls`, `memory` or `session`
  /// @param id the agent, task, call or key; empty for the session as a whole
  /// @param sentence what does not fit
  public record Finding(Rule rule, String component, String id, String sentence) {}

  /// How many rules [#check] looks at in such a state; with the findings it gives a score.
  public static long checks(SessionState state) {
    // The rules that are looked at for each agent, task, call and memory entry, and for the whole.
    return 4L * state.agents().size()
        + 14L * state.tasks().size()
        + 7L * state.calls().size()
        + 3L * state.memory().size()
        + 4;
  }

  /// Every rule that does not hold; empty for a sound state. Costs as much as looking at everything
  /// once.
  public static List<Finding> check(SessionState state) {
    var check = new Consistency(state);
    state.agents().forEach(check::agent);
    state.tasks().forEach(check::task);
    state.calls().forEach(check::call);
    check.dependenciesEnd();
    check.memory();
    check.session();
    return check.findings;
  }

  /// Every rule of consistency that an operation breaks, when it is applied to a state that breaks
  /// none. Looks only at what the operation touches.
  ///
  /// @param before the sound state
  /// @param after the state once the operation is applied
  public static List<Finding> around(SessionState before, SessionState after, Operation operation) {
    Footprint footprint = Footprint.of(operation);
    Set<String> agents = new LinkedHashSet<>();
    Set<String> tasks = new LinkedHashSet<>();
    for (Agent agent : footprint.agents()) {
      agents.add(agent.id());
      addCurrentTask(tasks, before.agents().get(agent.id()));
      addCurrentTask(tasks, agent);
      tasks.addAll(after.indexes().board().assignedTo(agent.id()));
    }
    for (Task task : footprint.tasks()) {
      tasks.add(task.id());
      addAssignee(agents, before.tasks().get(task.id()));
      addAssignee(agents, task);
      tasks.addAll(after.indexes().board().dependentsOf(task.id()));
    }
    var check = new Consistency(after);
    for (String id : agents) {
      Agent agent = after.agents().get(id);
      if (agent != null) {
        check.agent(id, agent);
      }
    }
    for (String id : tasks) {
      Task task = after.tasks().get(id);
      if (task != null) {
        check.task(id, task);
      }
    }
    for (Call call : footprint.calls()) {
      check.call(call.id(), call);
    }
    if (operation instanceof Operation.ConnectionRemoved removed) {
      after.openCalls(removed.connectionId()).forEach(call -> check.call(call.id(), call));
      after.replayableCalls(removed.connectionId()).forEach(call -> check.call(call.id(), call));
    }
    check.ending(after.indexes());
    return check.findings;
  }

  private static void addCurrentTask(Set<String> tasks, @Nullable Agent agent) {
    if (agent != null && agent.currentTask() != null) {
      tasks.add(agent.currentTask());
    }
  }

  private static void addAssignee(Set<String> agents, @Nullable Task task) {
    if (task != null && task.assignee() != null) {
      agents.add(task.assignee());
    }
  }

  private void agent(String key, Agent agent) {
    require(Rule.MISPLACED, key.equals(agent.id()), "agents", key, "it stands under another id");
    require(
        Rule.BUSY_EXACTLY_WITH_TASK,
        (agent.status() == AgentStatus.BUSY) == (agent.currentTask() != null),
        "agents",
        key,
        "it must have a current task exactly while it is busy");
    if (agent.currentTask() != null) {
      Task task = state.tasks().get(agent.currentTask());
      require(
          Rule.CURRENT_TASK_EXISTS, task != null, "agents", key, "its current task does not exist");
      require(
          Rule.CURRENT_TASK_IS_ITS_OWN,
          task == null || (task.status() == TaskStatus.RUNNING && key.equals(task.assignee())),
          "agents",
          key,
          "its current task is not being worked on by it");
    }
  }

  private void task(String key, Task task) {
    require(Rule.MISPLACED, key.equals(task.id()), "tasks", key, "it stands under another id");
    require(
        Rule.PROGRESS_WITHIN_BOUNDS,
        task.progressPercent() >= 0 && task.progressPercent() <= 100,
        "tasks",
        key,
        "its progress is not within 0 to 100");
    require(
        Rule.ATTEMPTS_WITHIN_BOUNDS,
        task.attempts() >= 0 && task.attempts() <= task.maxAttempts(),
        "tasks",
        key,
        "it has more attempts than it may have");
    require(
        Rule.LEASE_EXACTLY_WHILE_RUNNING,
        (task.status() == TaskStatus.RUNNING) == (task.lease() != null),
        "tasks",
        key,
        "it must have a lease exactly while it is running");
    require(
        Rule.END_EXACTLY_WHEN_FINAL,
        task.status().isFinal() == (task.finishedAtMillis() != null),
        "tasks",
        key,
        "it must have an end exactly when it is final");
    require(
        Rule.RESULT_ONLY_WHEN_COMPLETED,
        task.status() == TaskStatus.COMPLETED || task.result() == null,
        "tasks",
        key,
        "it has a result without being completed");
    require(
        Rule.TIMES_IN_ORDER,
        task.updatedAtMillis() >= 0 && task.createdAtMillis() >= 0,
        "tasks",
        key,
        "its times lie before all time");
    assignee(key, task);
    dependencies(key, task);
  }

  private void assignee(String key, Task task) {
    boolean needed = task.status() == TaskStatus.ASSIGNED || task.status() == TaskStatus.RUNNING;
    boolean allowed = needed || task.status().isFinal();
    if (task.assignee() == null) {
      require(Rule.ASSIGNEE_PRESENT, !needed, "tasks", key, "it has no assignee");
      return;
    }
    require(Rule.ASSIGNEE_ABSENT, allowed, "tasks", key, "it has an assignee while it is pending");
    Agent agent = state.agents().get(task.assignee());
    if (agent == null) {
      require(Rule.ASSIGNEE_EXISTS, false, "tasks", key, "its assignee does not exist");
      return;
    }
    require(
        Rule.ASSIGNEE_LIVES,
        !needed || agent.status() != AgentStatus.RETIRED,
        "tasks",
        key,
        "its assignee is retired");
    require(
        Rule.ASSIGNEE_WORKS_ON_IT,
        task.status() != TaskStatus.RUNNING || key.equals(agent.currentTask()),
        "tasks",
        key,
        "its assignee works on something else");
  }

  private void dependencies(String key, Task task) {
    require(
        Rule.DEPENDENCY_ONCE,
        new HashSet<>(task.dependsOn()).size() == task.dependsOn().size(),
        "tasks",
        key,
        "it depends on the same task twice");
    for (var id : task.dependsOn()) {
      Task dependency = state.tasks().get(id);
      if (dependency == null) {
        require(
            Rule.DEPENDENCY_EXISTS,
            false,
            "tasks",
            key,
            "it depends on a task that does not exist");
        continue;
      }
      boolean started =
          task.status() == TaskStatus.RUNNING || task.status() == TaskStatus.COMPLETED;
      boolean hopeless =
          dependency.status() == TaskStatus.FAILED || dependency.status() == TaskStatus.CANCELLED;
      require(
          Rule.DEPENDENCY_COMPLETED,
          !started || dependency.status() == TaskStatus.COMPLETED,
          "tasks",
          key,
          "it was started before " + id + " was completed");
      require(
          Rule.DEPENDENCY_POSSIBLE,
          task.status().isFinal() || !hopeless,
          "tasks",
          key,
          "it waits for " + id + ", which will never be completed");
    }
  }

  private void call(CallId key, Call call) {
    String id = key.toString();
    require(Rule.MISPLACED, key.equals(call.id()), "calls", id, "it stands under another id");
    require(
        Rule.CALL_CONNECTION_EXISTS,
        !call.needsConnection() || state.connections().containsKey(call.connectionId()),
        "calls",
        id,
        "its connection does not exist");
    boolean toBeSent = call.status() == CallStatus.QUEUED || call.isKeptForReplay();
    require(
        Rule.CALL_CAN_BE_SENT,
        !toBeSent || call.params() != null,
        "calls",
        id,
        "it is to be sent, and its arguments are not there");
    require(
        Rule.CALL_END_SET,
        (call.expiresAtMillis() == null)
            == (call.status() == CallStatus.SENT || call.isKeptForReplay()),
        "calls",
        id,
        "it must have an end exactly when it neither runs nor is kept for replay");
    require(
        Rule.CALL_OUTCOME_ONLY_AFTERWARDS,
        call.outcome() == null
            || call.status() == CallStatus.COMPLETED
            || call.status() == CallStatus.FAILED,
        "calls",
        id,
        "it has an outcome without being completed or failed");
    require(
        Rule.ATTEMPTS_WITHIN_BOUNDS,
        call.attempts() >= 0,
        "calls",
        id,
        "it has fewer attempts than none");
    require(
        Rule.TIMES_IN_ORDER,
        call.updatedAtMillis() >= 0 && call.acceptedAtMillis() >= 0,
        "calls",
        id,
        "its times lie before all time");
  }

  /// Takes away, again and again, tasks that no other one depends on; what is left is a circle.
  private void dependenciesEnd() {
    Map<String, Integer> dependents = new HashMap<>();
    for (var task : state.tasks().values()) {
      task.dependsOn().forEach(id -> dependents.merge(id, 1, Integer::sum));
    }
    var free = new ArrayDeque<Task>();
    state.tasks().values().stream()
        .filter(task -> !dependents.containsKey(task.id()))
        .forEach(free::add);
    int taken = 0;
    while (!free.isEmpty()) {
      taken++;
      for (var id : free.remove().dependsOn()) {
        Task dependency = state.tasks().get(id);
        if (dependents.merge(id, -1, Integer::sum) == 0 && dependency != null) {
          free.add(dependency);
        }
      }
    }
    require(
        Rule.DEPENDENCIES_END,
        taken == state.tasks().size(),
        "tasks",
        "",
        "some tasks depend on each other in a circle");
  }

  private void memory() {
    long bytes = 0;
    for (var entry : state.memory().entrySet()) {
      String key = entry.getKey().namespace() + "/" + entry.getKey().key();
      MemoryEntry value = entry.getValue();
      bytes += value.bytes();
      require(
          Rule.MISPLACED,
          entry.getKey().equals(value.key()),
          "memory",
          key,
          "it stands under another key");
      require(
          Rule.MEMORY_SIZE_RIGHT,
          value.bytes() == Json.length(value.value()),
          "memory",
          key,
          "its size is not what it says");
      require(
          Rule.MEMORY_VERSION_GIVEN,
          value.version() >= 1 && value.version() <= state.lastMemoryVersion(),
          "memory",
          key,
          "its version was never given");
    }
    require(
        Rule.MEMORY_SUM_RIGHT,
        bytes == state.memoryBytes(),
        "memory",
        "",
        "the sizes do not add up");
  }

  private void session() {
    var rebuilt =
        Indexes.of(
            state.agents(), state.tasks(), state.connections(), state.calls(), state.memory());
    require(
        Rule.INDEXES_OF_ITS_PARTS,
        rebuilt.equals(state.indexes()),
        "session",
        "",
        "the indexes are not those of its parts");
    ending(rebuilt);
  }

  private void ending(Indexes indexes) {
    var board = indexes.board().counts();
    int open =
        board.count(TaskStatus.PENDING)
            + board.count(TaskStatus.ASSIGNED)
            + board.count(TaskStatus.RUNNING);
    var calls = indexes.calls().counts();
    for (CallStatus status : CallStatus.values()) {
      open += status.isOpen() ? calls.count(status) : 0;
    }
    require(
        Rule.TERMINATED_WITHOUT_WORK,
        state.status() != SessionStatus.TERMINATED || (open == 0 && indexes.roster().live() == 0),
        "session",
        "",
        "it is terminated with live agents, unfinished tasks or open calls");
  }

  private void require(Rule rule, boolean holds, String component, String id, String sentence) {
    if (!holds) {
      findings.add(new Finding(rule, component, id, sentence));
    }
  }
}
