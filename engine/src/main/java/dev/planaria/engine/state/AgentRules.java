package dev.planaria.engine.state;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.WireName;
import dev.planaria.engine.state.Refusal.Code;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Rules for agents. `IDLE` and `OFFLINE` change into each other as the caller says, into `BUSY` by
/// a claim; `BUSY` ends with the attempt; any of the three may be `RETIRED`, which is final.
final class AgentRules {

  private AgentRules() {}

  static Operation spawn(SessionState state, Command.SpawnAgent command, Decision decision) {
    var limits = decision.limits();
    String id = state.history().newId("agent", decision.seq());
    String type = Check.line("type", command.type(), limits);
    String name =
        Objects.requireNonNullElse(Check.optionalLine("name", command.name(), limits), id);
    var capabilities =
        Check.lines(
            "capabilities", Objects.requireNonNullElse(command.capabilities(), List.of()), limits);
    var metadata =
        Check.value(
            "metadata", Objects.requireNonNullElse(command.metadata(), JsonObject.EMPTY), limits);
    requirePlace(state, limits);
    long now = decision.nowMillis();
    var agent =
        new Agent(id, type, name, capabilities, AgentStatus.IDLE, null, now, metadata, now, now);
    return new Operation.AgentSpawned(Room.forAgent(state, null, agent, limits));
  }

  static Operation update(SessionState state, Command.UpdateAgent command, Decision decision) {
    var limits = decision.limits();
    var agent = live(state, command.agentId());
    var status = Objects.requireNonNullElse(command.status(), agent.status());
    if (status != agent.status()) {
      requireFreeChoice(agent, status);
    }
    var changed =
        new Agent(
            agent.id(),
            agent.type(),
            Objects.requireNonNullElse(
                Check.optionalLine("name", command.name(), limits), agent.name()),
            command.capabilities() == null
                ? agent.capabilities()
                : Check.lines("capabilities", command.capabilities(), limits),
            status,
            agent.currentTask(),
            agent.lastHeartbeatMillis(),
            Objects.requireNonNullElse(
                Check.optionalValue("metadata", command.metadata(), limits), agent.metadata()),
            agent.createdAtMillis(),
            decision.nowMillis());
    return new Operation.AgentUpdated(Room.forAgent(state, agent, changed, limits));
  }

  static Operation heartbeat(
      SessionState state, Command.HeartbeatAgent command, Decision decision) {
    var agent = live(state, command.agentId());
    var status = agent.status() == AgentStatus.OFFLINE ? AgentStatus.IDLE : agent.status();
    return new Operation.AgentHeartbeat(
        seen(agent, status, agent.currentTask(), decision.nowMillis()));
  }

  static Operation retire(SessionState state, Command.RetireAgent command, Decision decision) {
    var agent = live(state, command.agentId());
    var released = new Release(state, decision.nowMillis());
    if (agent.currentTask() != null) {
      released.endAttempt(agent.currentTask(), agent.id() + ", which worked on it, was retired");
    }
    state.indexes().board().assignedTo(agent.id()).forEach(released::unassign);
    return new Operation.AgentRetired(retired(agent, decision.nowMillis()), released.tasks());
  }

  /// An agent that can act.
  static Agent live(SessionState state, String id) {
    Agent agent = state.agents().get(id);
    if (agent == null) {
      throw new Refusal(Code.NOT_FOUND, "there is no agent " + Check.shown(id));
    }
    if (agent.status() == AgentStatus.RETIRED) {
      throw new Refusal(Code.WRONG_STATE, id + " is retired");
    }
    return agent;
  }

  /// An agent that has just shown itself.
  static Agent seen(Agent agent, AgentStatus status, @Nullable String currentTask, long nowMillis) {
    return new Agent(
        agent.id(),
        agent.type(),
        agent.name(),
        agent.capabilities(),
        status,
        currentTask,
        nowMillis,
        agent.metadata(),
        agent.createdAtMillis(),
        nowMillis);
  }

  /// An agent that no longer works on anything, and not because it said so.
  static Agent stopped(Agent agent, AgentStatus status, long nowMillis) {
    return new Agent(
        agent.id(),
        agent.type(),
        agent.name(),
        agent.capabilities(),
        status,
        null,
        agent.lastHeartbeatMillis(),
        agent.metadata(),
        agent.createdAtMillis(),
        nowMillis);
  }

  static Agent retired(Agent agent, long nowMillis) {
    return stopped(agent, AgentStatus.RETIRED, nowMillis);
  }

  private static void requirePlace(SessionState state, Limits limits) {
    int live = state.indexes().roster().live();
    if (live >= state.configuration().maxAgents()) {
      throw new Refusal(
          Code.LIMIT_EXCEEDED,
          "the swarm has "
              + live
              + " live agents, as many as its configuration allows; retire one or raise"
              + " `max_agents` with swarm_init");
    }
    if (live >= limits.agents()) {
      throw Check.overLimit("the session has " + live + " live agents already", "agents");
    }
    if (state.agents().size() >= limits.agentsEver()) {
      throw Check.overLimit(
          "the session has had " + state.agents().size() + " agents already", "agentsEver");
    }
  }

  private static void requireFreeChoice(Agent agent, AgentStatus wanted) {
    if (wanted != AgentStatus.IDLE && wanted != AgentStatus.OFFLINE) {
      throw Check.invalid("status", "must be idle or offline; the rest follows from what is done");
    }
    if (agent.status() == AgentStatus.BUSY) {
      throw new Refusal(
          Code.WRONG_STATE,
          agent.id()
              + " works on "
              + agent.currentTask()
              + " and cannot become "
              + WireName.of(wanted)
              + "; complete or fail the task first");
    }
  }
}
