package dev.planaria.engine.state;

import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePSet;

/// Indexes over a session's agents and connections. Derived, like [TaskBoard]. Immutable.
///
/// @param idle ids of the `IDLE` agents, oldest first
/// @param counts agents by status
/// @param openBytes weight of the live agents
/// @param totalBytes weight of all agents and connections
public record Roster(
    TreePSet<String> idle, Tally<AgentStatus> counts, long openBytes, long totalBytes) {

  static final Roster EMPTY =
      new Roster(TreePSet.empty(CreationOrder.OLDEST_FIRST), Tally.empty(AgentStatus.class), 0, 0);

  /// How many agents are not retired.
  int live() {
    return counts.total() - counts.count(AgentStatus.RETIRED);
  }

  Roster moved(@Nullable Agent before, Agent after) {
    boolean wasIdle = before != null && before.status() == AgentStatus.IDLE;
    boolean isIdle = after.status() == AgentStatus.IDLE;
    var idleNow = idle;
    if (wasIdle != isIdle) {
      idleNow = isIdle ? idle.plus(after.id()) : idle.minus(after.id());
    }
    long weightBefore = Weight.of(before);
    long weightAfter = Weight.of(after);
    return new Roster(
        idleNow,
        counts.moved(before == null ? null : before.status(), after.status()),
        openBytes
            + (isLive(after) ? weightAfter : 0)
            - (before != null && isLive(before) ? weightBefore : 0),
        totalBytes + weightAfter - weightBefore);
  }

  Roster moved(@Nullable Connection before, @Nullable Connection after) {
    return new Roster(idle, counts, openBytes, totalBytes + Weight.of(after) - Weight.of(before));
  }

  static Roster of(Map<String, Agent> agents, Map<String, Connection> connections) {
    var idle = new TreeSet<String>(CreationOrder.OLDEST_FIRST);
    var counts = Tally.empty(AgentStatus.class);
    long open = 0;
    long total = 0;
    for (var agent : agents.values()) {
      if (agent.status() == AgentStatus.IDLE) {
        idle.add(agent.id());
      }
      counts = counts.moved(null, agent.status());
      long weight = Weight.of(agent);
      open += isLive(agent) ? weight : 0;
      total += weight;
    }
    for (var connection : connections.values()) {
      total += Weight.of(connection);
    }
    return new Roster(TreePSet.fromSortedSet(idle), counts, open, total);
  }

  private static boolean isLive(Agent agent) {
    return agent.status() != AgentStatus.RETIRED;
  }
}
