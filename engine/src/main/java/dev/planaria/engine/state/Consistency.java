package dev.planaria.engine.state;

import dev.planaria.engine.json.Json;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// Whether the parts of a state agree with each other: what every state that was reached by
/// [Transition] alone fulfils, and what a recovery verifies before a session serves again. Pure.
public final class Consistency {

  private final SessionState state;
  private final List<Finding> findings = new ArrayList<>();

  private Consistency(SessionState state) {
    this.state = state;
  }

  /// Something that does not fit.
  ///
  /// @param component `agents`, `tasks`, `memory` or `session`
  /// @param id the agent, task or key; empty for the session as a whole
  /// @param sentence what does not fit
  public record Finding(String component, String id, String sentence) {}

  /// Everything that does not fit; empty for a consistent state. Costs as much as looking at
  /// everything once.
  public static List<Finding> check(SessionState state) {
    var check = new Consistency(state);
    state.agents().forEach(check::agent);
    state.tasks().forEach(check::task);
    check.dependenciesEnd();
    check.memory();
    check.session();
    return check.findings;
  }

  private void agent(String key, Agent agent) {
    require(key.equals(agent.id()), "agents", key, "it stands under another id");
    require(
        (agent.status() == AgentStatus.BUSY) == (agent.currentTask() != null),
        "agents",
        key,
        "it must have a current task exactly while it is busy");
    if (agent.currentTask() != null) {
      Task task = state.tasks().get(agent.currentTask());
      require(task != null, "agents", key, "its current task does not exist");
      require(
          task == null || (task.status() == TaskStatus.RUNNING && key.equals(task.assignee())),
          "agents",
          key,
          "its current task is not being worked on by it");
    }
  }

  private void task(String key, Task task) {
    require(key.equals(task.id()), "tasks", key, "it stands under another id");
    require(
        task.progressPercent() >= 0 && task.progressPercent() <= 100,
        "tasks",
        key,
        "its progress is not within 0 to 100");
    require(
        task.attempts() >= 0 && task.attempts() <= task.maxAttempts(),
        "tasks",
        key,
        "it has more attempts than it may have");
    require(
        (task.status() == TaskStatus.RUNNING) == (task.lease() != null),
        "tasks",
        key,
        "it must have a lease exactly while it is running");
    require(
        task.status().isFinal() == (task.finishedAtMillis() != null),
        "tasks",
        key,
        "it must have an end exactly when it is final");
    require(
        task.status() == TaskStatus.COMPLETED || task.result() == null,
        "tasks",
        key,
        "it has a result without being completed");
    assignee(key, task);
    dependencies(key, task);
  }

  private void assignee(String key, Task task) {
    boolean needed = task.status() == TaskStatus.ASSIGNED || task.status() == TaskStatus.RUNNING;
    boolean allowed = needed || task.status().isFinal();
    if (task.assignee() == null) {
      require(!needed, "tasks", key, "it has no assignee");
      return;
    }
    require(allowed, "tasks", key, "it has an assignee while it is pending");
    Agent agent = state.agents().get(task.assignee());
    if (agent == null) {
      require(false, "tasks", key, "its assignee does not exist");
      return;
    }
    require(
        !needed || agent.status() != AgentStatus.RETIRED, "tasks", key, "its assignee is retired");
    require(
        task.status() != TaskStatus.RUNNING || key.equals(agent.currentTask()),
        "tasks",
        key,
        "its assignee works on something else");
  }

  private void dependencies(String key, Task task) {
    require(
        new HashSet<>(task.dependsOn()).size() == task.dependsOn().size(),
        "tasks",
        key,
        "it depends on the same task twice");
    for (var id : task.dependsOn()) {
      Task dependency = state.tasks().get(id);
      if (dependency == null) {
        require(false, "tasks", key, "it depends on a task that does not exist");
        continue;
      }
      boolean started =
          task.status() == TaskStatus.RUNNING || task.status() == TaskStatus.COMPLETED;
      boolean hopeless =
          dependency.status() == TaskStatus.FAILED || dependency.status() == TaskStatus.CANCELLED;
      require(
          !started || dependency.status() == TaskStatus.COMPLETED,
          "tasks",
          key,
          "it was started before " + id + " was completed");
      require(
          task.status().isFinal() || !hopeless,
          "tasks",
          key,
          "it waits for " + id + ", which will never be completed");
    }
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
        taken == state.tasks().size(), "tasks", "", "some tasks depend on each other in a circle");
  }

  private void memory() {
    long bytes = 0;
    for (var entry : state.memory().entrySet()) {
      String key = entry.getKey().namespace() + "/" + entry.getKey().key();
      MemoryEntry value = entry.getValue();
      bytes += value.bytes();
      require(entry.getKey().equals(value.key()), "memory", key, "it stands under another key");
      require(
          value.bytes() == Json.length(value.value()),
          "memory",
          key,
          "its size is not what it says");
      require(
          value.version() >= 1 && value.version() <= state.lastMemoryVersion(),
          "memory",
          key,
          "its version was never given");
    }
    require(bytes == state.memoryBytes(), "memory", "", "the sizes do not add up");
  }

  private void session() {
    var rebuilt = Indexes.of(state.agents(), state.tasks(), state.connections(), state.memory());
    require(
        rebuilt.equals(state.indexes()), "session", "", "the indexes are not those of its parts");
    var board = rebuilt.board().counts();
    int open =
        board.count(TaskStatus.PENDING)
            + board.count(TaskStatus.ASSIGNED)
            + board.count(TaskStatus.RUNNING);
    require(
        state.status() != SessionStatus.TERMINATED || (open == 0 && rebuilt.roster().live() == 0),
        "session",
        "",
        "it is terminated with live agents or unfinished tasks");
  }

  private void require(boolean holds, String component, String id, String sentence) {
    if (!holds) {
      findings.add(new Finding(component, id, sentence));
    }
  }
}
