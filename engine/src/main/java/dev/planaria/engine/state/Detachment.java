package dev.planaria.engine.state;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Takes references away that lead nowhere, so that the parts of a state agree again: a task
/// without its agent goes back to the board, an agent without its task is idle, a dependency that
/// cannot be is dropped, a call without its connection is ended. Nothing is removed. Pure; one
/// instance for one repair.
public final class Detachment {

  /// Each round settles what the one before it laid open; real damage needs two or three.
  private static final int MAX_ROUNDS = 32;

  private final long nowMillis;
  private final Map<String, Task> tasks = new LinkedHashMap<>();
  private final Map<String, Agent> agents = new LinkedHashMap<>();
  private final Map<CallId, Call> calls = new LinkedHashMap<>();
  private SessionState state;

  private Detachment(SessionState state, long nowMillis) {
    this.state = state;
    this.nowMillis = nowMillis;
  }

  /// The operation that makes a state consistent; empty when it is, or when nothing helps.
  ///
  /// @param nowMillis when that is decided, Unix time
  public static Optional<Operation.Detached> of(
      SessionState state, String recoveryId, long nowMillis) {
    return new Detachment(state, nowMillis).run(recoveryId);
  }

  private Optional<Operation.Detached> run(String recoveryId) {
    int rounds = 0;
    int changed = -1;
    while (changed != 0 && rounds++ < MAX_ROUNDS) {
      changed = round();
    }
    return tasks.isEmpty() && agents.isEmpty() && calls.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Operation.Detached(
                recoveryId,
                List.copyOf(tasks.values()),
                List.copyOf(agents.values()),
                List.copyOf(calls.values())));
  }

  private int round() {
    var edit = new StateEdit(state);
    int changed = 0;
    for (Task task : state.tasks().values()) {
      Task sound = sound(task);
      if (!sound.equals(task)) {
        edit.task(sound);
        tasks.put(sound.id(), sound);
        changed++;
      }
    }
    for (Agent agent : state.agents().values()) {
      Agent sound = sound(agent);
      if (!sound.equals(agent)) {
        edit.agent(sound);
        agents.put(sound.id(), sound);
        changed++;
      }
    }
    for (Call call : state.calls().values()) {
      Call sound = sound(call);
      if (!sound.equals(call)) {
        edit.calls(List.of(sound));
        calls.put(sound.id(), sound);
        changed++;
      }
    }
    state = edit.at(state.updatedAtMillis());
    return changed;
  }

  private Call sound(Call call) {
    boolean there = state.connections().containsKey(call.connectionId());
    if (call.status().isOpen() && (!there || state.status() == SessionStatus.TERMINATED)) {
      return CallRules.interrupted(
          call,
          there ? "the session was closed" : "its connection was lost to damage",
          nowMillis + CallLimits.DEFAULT.resultMillis(),
          nowMillis);
    }
    return call.isKeptForReplay() && !there
        ? CallRules.letGo(call, nowMillis + CallLimits.DEFAULT.resultMillis())
        : call;
  }

  private Agent sound(Agent agent) {
    if (state.status() == SessionStatus.TERMINATED && agent.status() != AgentStatus.RETIRED) {
      return AgentRules.retired(agent, nowMillis);
    }
    boolean busy = agent.status() == AgentStatus.BUSY;
    if (busy && worksOn(agent)) {
      return agent;
    }
    if (!busy && agent.currentTask() == null) {
      return agent;
    }
    return AgentRules.stopped(agent, busy ? AgentStatus.IDLE : agent.status(), nowMillis);
  }

  private boolean worksOn(Agent agent) {
    Task task = agent.currentTask() == null ? null : state.tasks().get(agent.currentTask());
    return task != null
        && task.status() == TaskStatus.RUNNING
        && agent.id().equals(task.assignee());
  }

  private Task sound(Task task) {
    if (state.status() == SessionStatus.TERMINATED && !task.status().isFinal()) {
      return Release.cancelled(task, "the session is terminated", nowMillis);
    }
    List<String> dependsOn = soundDependencies(task);
    if (!dependsOn.equals(task.dependsOn())) {
      return new TaskEdit(task).dependsOn(dependsOn).at(nowMillis);
    }
    if (!task.status().isFinal() && waitsForever(task)) {
      return Release.cancelled(
          task, "it can never run: a task on which it depends failed for good", nowMillis);
    }
    return soundAssignee(task);
  }

  private List<String> soundDependencies(Task task) {
    boolean started = task.status() == TaskStatus.RUNNING || task.status() == TaskStatus.COMPLETED;
    Stream<String> sound =
        task.dependsOn().stream()
            .distinct()
            .filter(id -> {
              Task dependency = state.tasks().get(id);
              // A task can only ever have named older ones, so that no circle can close.
              boolean older = CreationOrder.OLDEST_FIRST.compare(id, task.id()) < 0;
              return dependency != null
                  && older
                  && (!started || dependency.status() == TaskStatus.COMPLETED);
            });
    return sound.toList();
  }

  private boolean waitsForever(Task task) {
    return task.dependsOn().stream()
        .map(id -> state.tasks().get(id))
        .anyMatch(dependency ->
            dependency != null
                && (dependency.status() == TaskStatus.FAILED
                    || dependency.status() == TaskStatus.CANCELLED));
  }

  private Task soundAssignee(Task task) {
    Agent agent = task.assignee() == null ? null : state.agents().get(task.assignee());
    return switch (task.status()) {
      case PENDING ->
          task.assignee() == null ? task : new TaskEdit(task).assignee(null).at(nowMillis);
      case ASSIGNED ->
          agent != null && agent.status() != AgentStatus.RETIRED ? task : backToTheBoard(task);
      case RUNNING ->
          agent != null && agent.status() == AgentStatus.BUSY && isCurrent(agent, task)
              ? task
              : backToTheBoard(task);
      case COMPLETED, FAILED, CANCELLED ->
          task.assignee() == null || agent != null
              ? task
              : new TaskEdit(task).assignee(null).at(nowMillis);
    };
  }

  private static boolean isCurrent(Agent agent, Task task) {
    return task.id().equals(agent.currentTask());
  }

  private Task backToTheBoard(Task task) {
    return Release.detached(task, nowMillis);
  }
}
