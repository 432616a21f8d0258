package dev.planaria.engine.state;

/// How much a session holds.
///
/// @param agents by status; retired ones stay
/// @param tasks by status
/// @param connections how many
/// @param calls by status; ended ones that were not forgotten yet included
/// @param memory entries, expired ones that were not swept yet included
public record SessionCounts(
    Tally<AgentStatus> agents,
    Tally<TaskStatus> tasks,
    int connections,
    Tally<CallStatus> calls,
    int memory) {

  /// Agents that are not retired.
  public int liveAgents() {
    return agents.total() - agents.count(AgentStatus.RETIRED);
  }
}
