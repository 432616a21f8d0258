package dev.planaria.engine.state;

import dev.planaria.engine.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Puts values that are out of bounds back within them. Nothing is removed and no reference
/// changes, but that a task without a lease, which nobody could ever finish, goes back to the
/// board. Pure.
public final class Clamping {

  private Clamping() {}

  /// The operation that puts every value within its bounds; empty when all are.
  ///
  /// @param nowMillis when that is decided, Unix time
  public static Optional<Operation.Clamped> of(
      SessionState state, String recoveryId, long nowMillis) {
    List<Consistency.Finding> findings =
        Consistency.check(state).stream()
            .filter(finding -> finding.rule().level() == Rule.Level.CONSTRAINT)
            .toList();
    if (findings.isEmpty()) {
      return Optional.empty();
    }
    Set<String> named = new LinkedHashSet<>();
    findings.stream()
        .filter(finding -> finding.component().equals("tasks"))
        .forEach(finding -> named.add(finding.id()));
    var tasks = new ArrayList<Task>();
    var agents = new ArrayList<Agent>();
    for (String id : named) {
      Task task = Objects.requireNonNull(state.tasks().get(id), "a finding names a task");
      tasks.add(clamped(task, nowMillis));
      boolean released = task.status() == TaskStatus.RUNNING && task.lease() == null;
      Agent agent = task.assignee() == null ? null : state.agents().get(task.assignee());
      if (released && agent != null && id.equals(agent.currentTask())) {
        agents.add(AgentRules.stopped(agent, AgentStatus.IDLE, nowMillis));
      }
    }
    return Optional.of(
        new Operation.Clamped(
            recoveryId, tasks, agents, memory(state), calls(state, findings, nowMillis)));
  }

  private static Task clamped(Task task, long nowMillis) {
    if (task.status() == TaskStatus.RUNNING && task.lease() == null) {
      return clamped(Release.detached(task, nowMillis), nowMillis);
    }
    boolean isFinal = task.status().isFinal();
    Long end = task.finishedAtMillis() == null ? Long.valueOf(nowMillis) : task.finishedAtMillis();
    return new TaskEdit(task)
        .progressPercent(Math.clamp(task.progressPercent(), 0, 100))
        .attempts(Math.clamp(task.attempts(), 0, Math.max(0, task.maxAttempts())))
        .lease(task.status() == TaskStatus.RUNNING ? task.lease() : null)
        .finishedAt(isFinal ? end : null)
        .result(task.status() == TaskStatus.COMPLETED ? task.result() : null)
        .createdAt(Math.max(0, task.createdAtMillis()))
        .at(nowMillis);
  }

  private static List<Call> calls(
      SessionState state, List<Consistency.Finding> findings, long nowMillis) {
    Set<String> named = new LinkedHashSet<>();
    findings.stream()
        .filter(finding -> finding.component().equals("calls"))
        .forEach(finding -> named.add(finding.id()));
    return named.isEmpty()
        ? List.of()
        : state.calls().values().stream()
            .filter(call -> named.contains(call.id().toString()))
            .map(call -> clamped(call, nowMillis))
            .toList();
  }

  private static Call clamped(Call call, long nowMillis) {
    if (call.params() == null && call.status() == CallStatus.QUEUED) {
      return clamped(
          CallRules.interrupted(
              call,
              "its arguments were lost to damage",
              nowMillis + CallLimits.DEFAULT.resultMillis(),
              nowMillis),
          nowMillis);
    }
    boolean replay = call.replayable() && call.params() != null;
    boolean endless =
        call.status() == CallStatus.SENT || (replay && call.status() == CallStatus.COMPLETED);
    Long end = call.expiresAtMillis() == null ? Long.valueOf(nowMillis) : call.expiresAtMillis();
    boolean answered = call.status() == CallStatus.COMPLETED || call.status() == CallStatus.FAILED;
    return new CallEdit(call)
        .replayable(replay)
        .expiresAt(endless ? null : end)
        .outcome(answered ? call.outcome() : null)
        .attempts(Math.max(0, call.attempts()))
        .acceptedAt(Math.max(0, call.acceptedAtMillis()))
        .at(nowMillis);
  }

  private static List<MemoryEntry> memory(SessionState state) {
    var clamped = new ArrayList<MemoryEntry>();
    long version = state.lastMemoryVersion();
    for (MemoryEntry entry : state.memory().values()) {
      int bytes = (int) Json.length(entry.value());
      boolean given = entry.version() >= 1 && entry.version() <= state.lastMemoryVersion();
      if (bytes != entry.bytes() || !given) {
        clamped.add(
            new MemoryEntry(
                entry.key(),
                entry.value(),
                bytes,
                given ? entry.version() : ++version,
                entry.updatedAtMillis(),
                entry.expiresAtMillis()));
      }
    }
    return clamped;
  }
}
