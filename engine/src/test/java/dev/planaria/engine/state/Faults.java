package dev.planaria.engine.state;

import dev.planaria.engine.json.JsonNull;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Breaks the rules of a sound state, one at a time.
public final class Faults {

  private final SessionState sound;
  private final List<Fault> faults = new ArrayList<>();

  private Faults(SessionState sound) {
    this.sound = sound;
  }

  /// A state that breaks a rule, and perhaps others with it.
  public record Fault(Rule rule, SessionState state) {}

  /// One state for each rule that such a state can break.
  public static List<Fault> in(SessionState sound) {
    var faults = new Faults(sound);
    faults.ofAgents();
    faults.ofTasks();
    faults.ofDependencies();
    faults.ofMemory();
    faults.ofCalls();
    return faults.faults;
  }

  /// A state that nothing can repair: a task that may never be tried.
  public static SessionState beyondRepair(SessionState sound) {
    Task task = sound.tasks().values().iterator().next();
    var hopeless =
        new Task(
            task.id(),
            task.description(),
            task.priority(),
            task.status(),
            task.assignee(),
            task.dependsOn(),
            task.progressPercent(),
            task.attempts(),
            -1,
            task.lease(),
            task.result(),
            task.error(),
            task.metadata(),
            task.createdAtMillis(),
            task.updatedAtMillis(),
            task.startedAtMillis(),
            task.finishedAtMillis());
    return new StateEdit(sound).task(hopeless).at(sound.updatedAtMillis());
  }

  private void ofAgents() {
    agent(AgentStatus.IDLE)
        .ifPresent(idle ->
            put(
                Rule.BUSY_EXACTLY_WITH_TASK,
                AgentRules.seen(idle, AgentStatus.BUSY, null, idle.lastHeartbeatMillis())));
    agent(AgentStatus.IDLE)
        .ifPresent(idle ->
            put(
                Rule.CURRENT_TASK_EXISTS,
                AgentRules.seen(idle, AgentStatus.BUSY, "task-99999", idle.lastHeartbeatMillis())));
    task(TaskStatus.PENDING)
        .ifPresent(pending ->
            agent(AgentStatus.IDLE)
                .ifPresent(idle ->
                    put(
                        Rule.CURRENT_TASK_IS_ITS_OWN,
                        AgentRules.seen(idle, AgentStatus.BUSY, pending.id(), 0))));
    if (sound.status() == SessionStatus.ACTIVE && agent(AgentStatus.IDLE).isPresent()) {
      faults.add(
          new Fault(
              Rule.TERMINATED_WITHOUT_WORK,
              new StateEdit(sound).status(SessionStatus.TERMINATED).at(0)));
    }
  }

  private void ofTasks() {
    with(Rule.ASSIGNEE_PRESENT, TaskStatus.RUNNING, edit -> edit.assignee(null));
    with(Rule.ASSIGNEE_EXISTS, TaskStatus.RUNNING, edit -> edit.assignee("agent-99999"));
    with(Rule.PROGRESS_WITHIN_BOUNDS, TaskStatus.RUNNING, edit -> edit.progressPercent(101));
    with(Rule.PROGRESS_WITHIN_BOUNDS, TaskStatus.PENDING, edit -> edit.progressPercent(-1));
    with(Rule.ATTEMPTS_WITHIN_BOUNDS, TaskStatus.PENDING, edit -> edit.attempts(1_000));
    with(Rule.LEASE_EXACTLY_WHILE_RUNNING, TaskStatus.RUNNING, edit -> edit.lease(null));
    with(Rule.LEASE_EXACTLY_WHILE_RUNNING, TaskStatus.PENDING, e -> e.lease(new Lease("t", 1, 2)));
    with(Rule.END_EXACTLY_WHEN_FINAL, TaskStatus.PENDING, edit -> edit.finishedAt(5L));
    with(Rule.END_EXACTLY_WHEN_FINAL, TaskStatus.COMPLETED, edit -> edit.finishedAt(null));
    with(Rule.RESULT_ONLY_WHEN_COMPLETED, TaskStatus.PENDING, edit -> edit.result(JsonNull.NULL));
    with(Rule.TIMES_IN_ORDER, TaskStatus.PENDING, edit -> edit.createdAt(-5));
    agent(AgentStatus.RETIRED)
        .ifPresent(
            gone -> with(Rule.ASSIGNEE_LIVES, TaskStatus.RUNNING, e -> e.assignee(gone.id())));
    agent(AgentStatus.IDLE)
        .ifPresent(idle -> {
          with(Rule.ASSIGNEE_WORKS_ON_IT, TaskStatus.RUNNING, e -> e.assignee(idle.id()));
          with(Rule.ASSIGNEE_ABSENT, TaskStatus.PENDING, edit -> edit.assignee(idle.id()));
        });
  }

  private void ofDependencies() {
    with(Rule.DEPENDENCY_EXISTS, TaskStatus.PENDING, e -> e.dependsOn(List.of("task-99999")));
    task(TaskStatus.PENDING)
        .ifPresent(open -> {
          String id = open.id();
          with(Rule.DEPENDENCIES_END, TaskStatus.PENDING, e -> e.dependsOn(List.of(id)));
          with(Rule.DEPENDENCY_COMPLETED, TaskStatus.RUNNING, e -> e.dependsOn(List.of(id)));
        });
    task(TaskStatus.COMPLETED)
        .ifPresent(done ->
            with(
                Rule.DEPENDENCY_ONCE,
                TaskStatus.PENDING,
                e -> e.dependsOn(List.of(done.id(), done.id()))));
    task(TaskStatus.FAILED)
        .ifPresent(failed ->
            with(
                Rule.DEPENDENCY_POSSIBLE,
                TaskStatus.PENDING,
                e -> e.dependsOn(List.of(failed.id()))));
  }

  private void ofMemory() {
    sound.memory().values().stream()
        .findFirst()
        .ifPresent(entry -> {
          put(Rule.MEMORY_SIZE_RIGHT, entry, entry.bytes() + 1, entry.version());
          put(Rule.MEMORY_VERSION_GIVEN, entry, entry.bytes(), 0);
        });
    faults.add(
        new Fault(
            Rule.MEMORY_SUM_RIGHT,
            new SessionState(
                sound.id(),
                sound.name(),
                sound.status(),
                sound.history(),
                sound.configuration(),
                sound.agents(),
                sound.tasks(),
                sound.connections(),
                sound.calls(),
                sound.memory(),
                sound.lastMemoryVersion(),
                sound.memoryBytes() + 1,
                sound.createdAtMillis(),
                sound.updatedAtMillis(),
                sound.indexes())));
  }

  private void ofCalls() {
    for (CallStatus open : new CallStatus[] {CallStatus.ACCEPTED, CallStatus.SENT}) {
      call(open)
          .ifPresent(call ->
              faults.add(
                  new Fault(
                      Rule.CALL_CONNECTION_EXISTS,
                      new StateEdit(sound).withoutConnection(call.connectionId()).at(0))));
    }
    sound.calls().values().stream()
        .filter(Call::isKeptForReplay)
        .findFirst()
        .ifPresent(call -> {
          with(Rule.CALL_CAN_BE_SENT, call, edit -> edit.params(null));
          with(Rule.CALL_END_SET, call, edit -> edit.expiresAt(5L));
          faults.add(
              new Fault(
                  Rule.CALL_CONNECTION_EXISTS,
                  new StateEdit(sound).withoutConnection(call.connectionId()).at(0)));
        });
    call(CallStatus.QUEUED)
        .ifPresent(call -> {
          with(Rule.CALL_CAN_BE_SENT, call, edit -> edit.params(null));
          with(Rule.CALL_END_SET, call, edit -> edit.expiresAt(null));
          with(Rule.ATTEMPTS_WITHIN_BOUNDS, call, edit -> edit.attempts(-1));
        });
    call(CallStatus.SENT)
        .ifPresent(call -> {
          with(Rule.CALL_OUTCOME_ONLY_AFTERWARDS, call, edit -> edit.outcome("{}"));
          with(Rule.CALL_END_SET, call, edit -> edit.expiresAt(5L));
          with(Rule.TIMES_IN_ORDER, call, edit -> edit.acceptedAt(-1));
        });
    call(CallStatus.UNKNOWN)
        .ifPresent(call -> with(Rule.CALL_OUTCOME_ONLY_AFTERWARDS, call, e -> e.outcome("{}")));
  }

  private void with(Rule rule, Call call, UnaryOperator<CallEdit> change) {
    Call changed = change.apply(new CallEdit(call)).at(call.updatedAtMillis());
    faults.add(new Fault(rule, new StateEdit(sound).calls(List.of(changed)).at(0)));
  }

  private java.util.Optional<Call> call(CallStatus status) {
    return sound.calls().values().stream().filter(call -> call.status() == status).findFirst();
  }

  private void put(Rule rule, MemoryEntry entry, int bytes, long version) {
    var wrong =
        new MemoryEntry(
            entry.key(),
            entry.value(),
            bytes,
            version,
            entry.updatedAtMillis(),
            entry.expiresAtMillis());
    faults.add(new Fault(rule, new StateEdit(sound).memory(wrong).at(0)));
  }

  private void put(Rule rule, Agent changed) {
    faults.add(new Fault(rule, new StateEdit(sound).agent(changed).at(0)));
  }

  private void with(Rule rule, TaskStatus status, UnaryOperator<TaskEdit> change) {
    task(status)
        .ifPresent(task -> {
          Task changed = change.apply(new TaskEdit(task)).at(task.updatedAtMillis());
          faults.add(new Fault(rule, new StateEdit(sound).task(changed).at(0)));
        });
  }

  private java.util.Optional<Task> task(TaskStatus status) {
    Stream<Task> tasks = sound.tasks().values().stream();
    return tasks.filter(task -> task.status() == status).findFirst();
  }

  private java.util.Optional<Agent> agent(AgentStatus status) {
    Stream<Agent> agents = sound.agents().values().stream();
    return agents.filter(agent -> agent.status() == Objects.requireNonNull(status)).findFirst();
  }
}
