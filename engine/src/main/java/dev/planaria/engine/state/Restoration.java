package dev.planaria.engine.state;

import dev.planaria.engine.json.WireName;
import dev.planaria.engine.state.Refusal.Code;
import dev.planaria.engine.state.StateDelta.Changes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/// Makes an earlier state of a session its present one, or the first one of another session. What
/// is tied to a moment is not brought back: a task that was being worked on waits for a new claim,
/// and its attempt does not count; whether an agent is there is told by the present; connections
/// and calls are facts about the world outside and stay as they are, but that calls which wait are
/// cancelled and those that run are of unknown outcome: no queue outlives a restore, and a copy has
/// neither connections nor calls. Memory versions never go back, so that one version names one
/// value for ever. Pure.
final class Restoration {

  private static final String PUT_BACK =
      "the session was restored to an earlier operation, which ended this attempt";
  private static final String COPIED = "the session is a copy, in which nobody works on it yet";

  private Restoration() {}

  /// The operation that takes a session back.
  ///
  /// @throws Refusal when it cannot be
  static Operation.Restored restore(
      SessionState state, Command.RestoreSession command, Decision decision) {
    long head = decision.seq() - 1;
    if (command.toSeq() < 1 || command.toSeq() > head) {
      throw Check.invalid("seq", "must be an operation of the session, 1 to " + head);
    }
    SessionState to = command.to();
    requireActive(to, command.toSeq());
    List<SeqRange> withoutEffect = new ArrayList<>(to.history().withoutEffect());
    if (command.toSeq() < head) {
      withoutEffect.add(new SeqRange(command.toSeq() + 1, head));
    }
    List<SeqRange> after = SeqRange.union(withoutEffect);
    requireFew(after, decision.limits());
    long dropped = SeqRange.count(after) - SeqRange.common(after, state.history().withoutEffect());
    var restored =
        new Operation.Restored(
            command.toSeq(),
            command.checkpointId(),
            dropped,
            changes(state, goal(state, to, after, decision)));
    requireSound(Transition.apply(state, restored, decision.nowMillis()), command.toSeq());
    requireCarried(OperationCodec.encode(restored).length, "the restore", decision.limits());
    return restored;
  }

  /// The first operation of a session that begins with a state of another.
  ///
  /// @param id of the new session
  /// @param name of the new session
  /// @param from the state it begins with
  /// @param fromSeq the operation of the other session that led to it
  /// @throws Refusal when it cannot be
  static Operation.SessionForked fork(
      SessionId id, String name, SessionState from, long fromSeq, long nowMillis, Limits limits) {
    Decide.checkName(name, limits);
    requireActive(from, fromSeq);
    var history = new History(from.id(), from.history().idBase() + fromSeq, List.of());
    var tasks = tasks(from, COPIED, nowMillis);
    // Nobody has shown itself in the new session yet.
    var agents = agents(from, agent -> AgentStatus.OFFLINE, nowMillis);
    var state =
        new SessionState(
            id,
            name,
            SessionStatus.ACTIVE,
            history,
            from.configuration(),
            agents,
            tasks,
            TreePMap.empty(),
            TreePMap.empty(),
            from.memory(),
            from.lastMemoryVersion(),
            from.memoryBytes(),
            nowMillis,
            nowMillis,
            Indexes.of(agents, tasks, TreePMap.empty(), TreePMap.empty(), from.memory()));
    requireSound(state, fromSeq);
    var forked = new Operation.SessionForked(fromSeq, state);
    requireCarried(OperationCodec.encode(forked).length, "the fork", limits);
    return forked;
  }

  private static SessionState goal(
      SessionState now, SessionState to, List<SeqRange> withoutEffect, Decision decision) {
    long nowMillis = decision.nowMillis();
    var tasks = tasks(to, PUT_BACK, nowMillis);
    var calls = now.calls();
    for (Call call : CallRules.interrupted(now, "the session was restored", decision)) {
      calls = calls.plus(call.id(), call);
    }
    var agents = agents(to, agent -> liveness(now.agents().get(agent.id())), nowMillis);
    return new SessionState(
        now.id(),
        now.name(),
        now.status(),
        now.history().withoutEffect(withoutEffect),
        to.configuration(),
        agents,
        tasks,
        now.connections(),
        calls,
        to.memory(),
        Math.max(now.lastMemoryVersion(), to.lastMemoryVersion()),
        to.memoryBytes(),
        now.createdAtMillis(),
        Math.max(now.updatedAtMillis(), nowMillis),
        Indexes.of(agents, tasks, now.connections(), calls, to.memory()));
  }

  /// Whether an agent is there now. One that has been retired since is taken to be gone.
  private static AgentStatus liveness(@Nullable Agent now) {
    boolean there =
        now != null && (now.status() == AgentStatus.IDLE || now.status() == AgentStatus.BUSY);
    return there ? AgentStatus.IDLE : AgentStatus.OFFLINE;
  }

  private static TreePMap<String, Agent> agents(
      SessionState from, Function<Agent, AgentStatus> liveness, long nowMillis) {
    var agents = from.agents();
    for (Agent agent : from.agents().values()) {
      if (agent.status() != AgentStatus.RETIRED) {
        AgentStatus status = liveness.apply(agent);
        if (status != agent.status()) {
          agents = agents.plus(agent.id(), AgentRules.stopped(agent, status, nowMillis));
        }
      }
    }
    return agents;
  }

  private static TreePMap<String, Task> tasks(SessionState from, String reason, long nowMillis) {
    var tasks = from.tasks();
    for (Task task : from.tasks().values()) {
      if (task.status() == TaskStatus.RUNNING) {
        tasks = tasks.plus(task.id(), Release.interrupted(task, reason, nowMillis));
      }
    }
    return tasks;
  }

  /// What has to be written: what equals the present value is left out.
  private static StateDelta changes(SessionState before, SessionState after) {
    StateDelta delta = StateDelta.between(before, after);
    return new StateDelta(
        delta.status(),
        delta.configuration(),
        delta.withoutEffect(),
        delta.lastMemoryVersion(),
        delta.memoryBytes(),
        delta.updatedAtMillis(),
        changed(delta.agents(), before.agents(), Agent::id),
        changed(delta.tasks(), before.tasks(), Task::id),
        changed(delta.connections(), before.connections(), Connection::id),
        changed(delta.calls(), before.calls(), Call::id),
        changed(delta.memory(), before.memory(), MemoryEntry::key));
  }

  private static <K, V> Changes<K, V> changed(
      Changes<K, V> changes, Map<K, V> before, Function<V, K> key) {
    return new Changes<>(
        changes.upserts().stream()
            .filter(value -> !value.equals(before.get(key.apply(value))))
            .toList(),
        changes.removals());
  }

  private static void requireActive(SessionState state, long seq) {
    if (state.status() != SessionStatus.ACTIVE) {
      throw new Refusal(
          Code.WRONG_STATE,
          "the session was "
              + WireName.of(state.status())
              + " at operation "
              + seq
              + "; name an operation at which it was active");
    }
  }

  private static void requireSound(SessionState state, long seq) {
    List<Consistency.Finding> findings = Consistency.check(state);
    if (!findings.isEmpty()) {
      throw new Refusal(
          Code.WRONG_STATE,
          "the state at operation "
              + seq
              + " does not agree with itself ("
              + findings.stream()
                  .limit(3)
                  .map(Consistency.Finding::sentence)
                  .collect(Collectors.joining("; "))
              + "); name another operation");
    }
  }

  private static void requireFew(List<SeqRange> withoutEffect, Limits limits) {
    if (withoutEffect.size() > limits.gaps()) {
      throw Check.overLimit(
          "the operations of the session were taken back in more than "
              + limits.gaps()
              + " separate places; fork it and go on there",
          "gaps");
    }
  }

  private static void requireCarried(long bytes, String what, Limits limits) {
    if (bytes > limits.carriedBytes()) {
      throw Check.overLimit(
          what
              + " would be one operation of "
              + bytes
              + " bytes, and at most "
              + limits.carriedBytes()
              + " are allowed",
          "carriedBytes");
    }
  }
}
