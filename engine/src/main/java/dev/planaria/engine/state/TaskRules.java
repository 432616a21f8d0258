package dev.planaria.engine.state;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.WireName;
import dev.planaria.engine.state.Refusal.Code;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Rules for making tasks.
final class TaskRules {

  private TaskRules() {}

  static Operation create(SessionState state, Command.CreateTask command, Decision decision) {
    var limits = decision.limits();
    String id = state.history().newId("task", decision.seq());
    Check.prose("description", command.description(), limits);
    var metadata =
        Check.value(
            "metadata", Objects.requireNonNullElse(command.metadata(), JsonObject.EMPTY), limits);
    long maxAttempts =
        command.maxAttempts() == null
            ? limits.maxAttemptsDefault()
            : Check.number(
                "max_attempts", command.maxAttempts(), 1, limits.maxAttempts(), "maxAttempts");
    var dependsOn = Objects.requireNonNullElse(command.dependsOn(), List.<String>of());
    requireDependencies(state, id, dependsOn, limits);
    String assignee = command.assignee();
    if (assignee != null) {
      AgentRules.live(state, assignee);
    }
    requirePlace(state, limits);
    var task =
        fresh(
            id,
            command.description(),
            Objects.requireNonNullElse(command.priority(), Priority.MEDIUM),
            assignee,
            dependsOn,
            (int) maxAttempts,
            metadata,
            decision.nowMillis());
    return new Operation.TaskCreated(Room.forTask(state, null, task, limits));
  }

  static Operation orchestrate(
      SessionState state, Command.OrchestrateTask command, Decision decision) {
    var limits = decision.limits();
    Check.prose("description", command.description(), limits);
    String strategy =
        Objects.requireNonNullElse(
            Check.optionalLine("strategy", command.strategy(), limits),
            state.configuration().strategy());
    long maxAgents =
        command.maxAgents() == null
            ? limits.agents()
            : Check.number("max_agents", command.maxAgents(), 1, limits.agents(), "agents");
    requirePlace(state, limits);
    var chosen =
        AgentChoice.of(state, strategy, command.description()).stream().limit(maxAgents).toList();
    var metadata =
        JsonObject.builder()
            .put("strategy", strategy)
            .put("agents", JsonArray.ofStrings(chosen))
            .build();
    var task =
        fresh(
            state.history().newId("task", decision.seq()),
            command.description(),
            Objects.requireNonNullElse(command.priority(), Priority.MEDIUM),
            chosen.isEmpty() ? null : chosen.getFirst(),
            List.of(),
            limits.maxAttemptsDefault(),
            metadata,
            decision.nowMillis());
    return new Operation.TaskOrchestrated(Room.forTask(state, null, task, limits), chosen);
  }

  /// A task that is there.
  static Task existing(SessionState state, String id) {
    Task task = state.tasks().get(id);
    if (task == null) {
      throw new Refusal(Code.NOT_FOUND, "there is no task " + Check.shown(id));
    }
    return task;
  }

  private static Task fresh(
      String id,
      String description,
      Priority priority,
      @Nullable String assignee,
      List<String> dependsOn,
      int maxAttempts,
      JsonObject metadata,
      long nowMillis) {
    return new Task(
        id,
        description,
        priority,
        assignee == null ? TaskStatus.PENDING : TaskStatus.ASSIGNED,
        assignee,
        dependsOn,
        0,
        0,
        maxAttempts,
        null,
        null,
        null,
        metadata,
        nowMillis,
        nowMillis,
        null,
        null);
  }

  private static void requireDependencies(
      SessionState state, String id, List<String> dependsOn, Limits limits) {
    if (dependsOn.size() > limits.dependencies()) {
      throw Check.overLimit(
          "`depends_on` holds more than " + limits.dependencies() + " tasks", "dependencies");
    }
    var seen = new HashSet<String>();
    for (var dependency : dependsOn) {
      if (dependency.equals(id)) {
        throw Check.invalid("depends_on", "must not name the task itself");
      }
      if (!seen.add(dependency)) {
        throw Check.invalid("depends_on", "names " + Check.shown(dependency) + " twice");
      }
      Task task = existing(state, dependency);
      if (task.status() == TaskStatus.FAILED || task.status() == TaskStatus.CANCELLED) {
        throw new Refusal(
            Code.WRONG_STATE,
            "a task that depends on "
                + dependency
                + " could never run: that one is "
                + WireName.of(task.status()));
      }
    }
  }

  private static void requirePlace(SessionState state, Limits limits) {
    if (state.tasks().size() >= limits.tasks()) {
      throw Check.overLimit(
          "the session has " + state.tasks().size() + " tasks already, finished ones included",
          "tasks");
    }
  }
}
