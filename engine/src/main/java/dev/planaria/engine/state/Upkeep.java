package dev.planaria.engine.state;

import dev.planaria.engine.state.Refusal.Code;
import java.util.ArrayList;

/// What the engine itself does to a session: settling what is due, resuming after a crash, and
/// closing.
final class Upkeep {

  private Upkeep() {}

  static Operation sweep(SessionState state, Decision decision) {
    long now = decision.nowMillis();
    if (state.nextDueMillis() > now) {
      throw new Refusal(Code.NOTHING_TO_SWEEP, "no lease, memory entry or call has run out");
    }
    int left = decision.limits().sweepItems();
    var release = new Release(state, now);
    var agents = new ArrayList<Agent>();
    for (var end : state.indexes().board().leases()) {
      if (end.atMillis() > now || left == 0) {
        break;
      }
      left--;
      Task task = state.tasks().get(end.taskId());
      Agent agent =
          task == null || task.assignee() == null ? null : state.agents().get(task.assignee());
      release.endAttempt(
          end.taskId(), "the lease of " + (agent == null ? "its agent" : agent.id()) + " ran out");
      if (agent != null && end.taskId().equals(agent.currentTask())) {
        // Its holder had agreed to renew the lease and did not: it is taken to be gone.
        agents.add(AgentRules.stopped(agent, AgentStatus.OFFLINE, now));
      }
    }
    var memory = new ArrayList<MemoryKey>();
    for (var end : state.indexes().expiries()) {
      if (end.atMillis() > now || left == 0) {
        break;
      }
      left--;
      memory.add(end.key());
    }
    var calls = new ArrayList<Call>();
    for (var end : state.indexes().calls().waits()) {
      Call call = state.calls().get(end.id());
      if (end.atMillis() > now || left == 0 || call == null) {
        break;
      }
      left--;
      calls.add(CallRules.expired(call, decision.limits(), now));
    }
    var forgotten = new ArrayList<CallId>();
    for (var end : state.indexes().calls().kept()) {
      if (end.atMillis() > now || left == 0) {
        break;
      }
      left--;
      forgotten.add(end.id());
    }
    return new Operation.Swept(release.tasks(), agents, memory, calls, forgotten);
  }

  static Operation resume(SessionState state, Command.ResumeAfterCrash command, Decision decision) {
    Check.line("recovery_id", command.recoveryId(), decision.limits());
    var tasks = new ArrayList<Task>();
    for (var end : state.indexes().board().leases()) {
      Task task = state.tasks().get(end.taskId());
      if (task != null && task.lease() != null) {
        tasks.add(
            new TaskEdit(task)
                .lease(task.lease().renewedAt(decision.nowMillis()))
                .at(decision.nowMillis()));
      }
    }
    return new Operation.Resumed(command.recoveryId(), tasks);
  }

  static Operation close(SessionState state, Command.CloseSession command, Decision decision) {
    long now = decision.nowMillis();
    if (command.reason() != null) {
      Check.prose("reason", command.reason(), decision.limits());
    }
    var agents =
        state.agents().values().stream()
            .filter(agent -> agent.status() != AgentStatus.RETIRED)
            .map(agent -> AgentRules.retired(agent, now))
            .toList();
    var tasks =
        state.tasks().values().stream()
            .filter(task -> !task.status().isFinal())
            .map(task -> Release.cancelled(task, "the session was closed", now))
            .toList();
    var calls = CallRules.interrupted(state, "the session was closed", decision);
    return new Operation.SessionClosed(command.reason(), agents, tasks, calls);
  }
}
