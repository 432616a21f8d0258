package dev.planaria.engine.state;

import dev.planaria.engine.json.WireName;
import dev.planaria.engine.state.Refusal.Code;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Rules for working on tasks: a claim gives a lease, and only its holder may report, complete or
/// fail.
final class LeaseRules {

  private static final int SHOWN_DEPENDENCIES = 5;

  private LeaseRules() {}

  static Operation claim(SessionState state, Command.ClaimTask command, Decision decision) {
    var limits = decision.limits();
    long leaseMillis =
        command.leaseMillis() == null
            ? limits.leaseMillisDefault()
            : Check.number(
                "lease_ms",
                command.leaseMillis(),
                limits.leaseMillisMin(),
                limits.leaseMillisMax(),
                "leaseMillisMax");
    var agent = AgentRules.live(state, command.agentId());
    long now = decision.nowMillis();
    requireFree(state, agent, now);
    var task =
        command.taskId() == null ? next(state, agent) : named(state, agent, command.taskId(), now);
    var claimed =
        new TaskEdit(task)
            .status(TaskStatus.RUNNING)
            .assignee(agent.id())
            .progressPercent(0)
            .attempts(task.attempts() + 1)
            .lease(new Lease(decision.newToken().get(), leaseMillis, now + leaseMillis))
            .startedAt(now)
            .at(now);
    return new Operation.TaskClaimed(
        claimed, AgentRules.seen(agent, AgentStatus.BUSY, task.id(), now));
  }

  static Operation update(SessionState state, Command.UpdateTask command, Decision decision) {
    var held = held(state, command.taskId(), command.leaseToken(), decision);
    var progress = command.progressPercent();
    if (progress != null && (progress < 0 || progress > 100)) {
      throw Check.invalid("progress", "must be between 0 and 100");
    }
    var metadata = Check.optionalValue("metadata", command.metadata(), decision.limits());
    var before = held.task();
    var task =
        new TaskEdit(before)
            .lease(held.lease().renewedAt(decision.nowMillis()))
            .progressPercent(Objects.requireNonNullElse(progress, before.progressPercent()))
            .metadata(Objects.requireNonNullElse(metadata, before.metadata()))
            .at(decision.nowMillis());
    return new Operation.TaskUpdated(
        Room.forTask(state, before, task, decision.limits()),
        AgentRules.seen(held.agent(), AgentStatus.BUSY, task.id(), decision.nowMillis()));
  }

  static Operation complete(SessionState state, Command.CompleteTask command, Decision decision) {
    var held = held(state, command.taskId(), command.leaseToken(), decision);
    var result = Check.optionalValue("result", command.result(), decision.limits());
    var task =
        new TaskEdit(held.task())
            .status(TaskStatus.COMPLETED)
            .progressPercent(100)
            .lease(null)
            .result(result)
            .error(null)
            .finishedAt(decision.nowMillis())
            .at(decision.nowMillis());
    return new Operation.TaskCompleted(
        Room.forTask(state, held.task(), task, decision.limits()),
        AgentRules.seen(held.agent(), AgentStatus.IDLE, null, decision.nowMillis()));
  }

  static Operation fail(SessionState state, Command.FailTask command, Decision decision) {
    var held = held(state, command.taskId(), command.leaseToken(), decision);
    String error = Check.prose("error", command.error(), decision.limits());
    var release = new Release(state, decision.nowMillis());
    release.endAttempt(held.task().id(), error);
    var tasks = release.tasks();
    return new Operation.TaskFailed(
        Room.forTask(state, held.task(), tasks.getFirst(), decision.limits()),
        AgentRules.seen(held.agent(), AgentStatus.IDLE, null, decision.nowMillis()),
        tasks.subList(1, tasks.size()));
  }

  private static void requireFree(SessionState state, Agent agent, long nowMillis) {
    String current = agent.currentTask();
    if (current != null) {
      throw new Refusal(
          Code.AGENT_BUSY,
          agent.id()
              + " works on "
              + current
              + (hasExpired(state.tasks().get(current), nowMillis)
                  ? ", whose lease has run out and which is being given back; try again"
                  : "; complete or fail that first"));
    }
  }

  private static Task next(SessionState state, Agent agent) {
    String id = state.indexes().board().next(agent.id());
    Task task = id == null ? null : state.tasks().get(id);
    if (task == null) {
      throw new Refusal(Code.NOTHING_TO_CLAIM, "no task can be claimed by " + agent.id() + " now");
    }
    return task;
  }

  private static Task named(SessionState state, Agent agent, String taskId, long nowMillis) {
    var task = TaskRules.existing(state, taskId);
    switch (task.status()) {
      case PENDING -> {}
      case ASSIGNED -> {
        if (!agent.id().equals(task.assignee())) {
          throw new Refusal(Code.WRONG_STATE, task.id() + " is for " + task.assignee() + " alone");
        }
      }
      case RUNNING ->
          throw new Refusal(
              Code.WRONG_STATE,
              task.id()
                  + (hasExpired(task, nowMillis)
                      ? " is being given back, since its lease has run out; try again"
                      : " is being worked on by " + task.assignee()));
      case COMPLETED, FAILED, CANCELLED -> throw finished(task);
    }
    var unmet =
        task.dependsOn().stream()
            .filter(id -> !isCompleted(state.tasks().get(id)))
            .limit(SHOWN_DEPENDENCIES)
            .toList();
    if (!unmet.isEmpty()) {
      throw new Refusal(
          Code.DEPENDENCIES_UNMET,
          task.id() + " waits for " + String.join(", ", unmet) + " to be completed");
    }
    return task;
  }

  /// A running task, its lease and its holder, once the token has been shown.
  private record Held(Task task, Lease lease, Agent agent) {}

  private static Held held(SessionState state, String taskId, String token, Decision decision) {
    var task = TaskRules.existing(state, taskId);
    var lease = task.lease();
    if (task.status().isFinal()) {
      throw finished(task);
    }
    if (lease == null || !same(token, lease.token())) {
      throw new Refusal(
          Code.LEASE_LOST,
          "the lease token is not the present one of "
              + task.id()
              + " ("
              + WireName.of(task.status())
              + (task.assignee() == null ? "" : ", " + task.assignee())
              + "); claim the task again");
    }
    if (lease.isExpiredAt(decision.nowMillis())) {
      throw new Refusal(
          Code.LEASE_LOST,
          "the lease on " + task.id() + " has run out and the task is given back; claim it again");
    }
    return new Held(
        task, lease, AgentRules.live(state, Objects.requireNonNullElse(task.assignee(), "")));
  }

  /// In time that does not depend on where the texts differ.
  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  private static Refusal finished(Task task) {
    return new Refusal(
        Code.WRONG_STATE, task.id() + " is " + WireName.of(task.status()) + " and stays so");
  }

  private static boolean hasExpired(@Nullable Task task, long nowMillis) {
    return task != null && task.lease() != null && task.lease().isExpiredAt(nowMillis);
  }

  private static boolean isCompleted(@Nullable Task task) {
    return task != null && task.status() == TaskStatus.COMPLETED;
  }
}
