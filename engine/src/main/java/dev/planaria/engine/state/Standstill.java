package dev.planaria.engine.state;

import dev.planaria.engine.json.WireName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which tasks cannot move, and why: nothing may be stuck without a reason.
///
/// A task that is running always moves: it ends, or its lease does. A dependency that fails cancels
/// what waits for it, and dependencies lead only to older tasks, so that they never form a circle.
/// What is left is a task that waits for an agent which is not there.
///
/// @param stuck the tasks that cannot move, oldest first
/// @param open how many tasks are not finished
public record Standstill(List<Stuck> stuck, int open) {

  /// A task that cannot move.
  ///
  /// @param taskId which
  /// @param reason why, as the end of a sentence about it
  /// @param sinceMillis when it last moved, Unix time
  public record Stuck(String taskId, String reason, long sinceMillis) {}

  /// Copies the list.
  public Standstill {
    stuck = List.copyOf(stuck);
  }

  /// True when there is work and none of it can move: a deadlock.
  public boolean isComplete() {
    return open > 0 && stuck.size() == open;
  }

  /// Looks at every task that is not finished. Pure; time grows with their number and dependencies.
  public static Standstill in(SessionState state) {
    boolean anybody = state.agents().values().stream().anyMatch(Standstill::isThere);
    var stuck = new ArrayList<Stuck>();
    Set<String> stuckIds = new HashSet<>();
    int open = 0;
    // Oldest first, so that what a task depends on was looked at before.
    List<Task> tasks =
        state.tasks().values().stream()
            .filter(task -> !task.status().isFinal())
            .sorted((one, other) -> CreationOrder.OLDEST_FIRST.compare(one.id(), other.id()))
            .toList();
    for (Task task : tasks) {
      open++;
      String reason = reason(state, task, anybody, stuckIds);
      if (!reason.isEmpty()) {
        stuckIds.add(task.id());
        stuck.add(new Stuck(task.id(), reason, task.updatedAtMillis()));
      }
    }
    return new Standstill(stuck, open);
  }

  private static boolean isThere(Agent agent) {
    return agent.status() == AgentStatus.IDLE || agent.status() == AgentStatus.BUSY;
  }

  /// Why a task cannot move; empty when it can.
  private static String reason(
      SessionState state, Task task, boolean anybody, Set<String> stuckIds) {
    if (task.status() == TaskStatus.RUNNING) {
      return "";
    }
    for (String dependency : task.dependsOn()) {
      if (stuckIds.contains(dependency)) {
        return "waits for " + dependency + ", which cannot move";
      }
    }
    if (task.status() == TaskStatus.ASSIGNED) {
      Agent agent = task.assignee() == null ? null : state.agents().get(task.assignee());
      return agent != null && isThere(agent)
          ? ""
          : "is assigned to "
              + task.assignee()
              + ", which is "
              + (agent == null ? "not there" : WireName.of(agent.status()));
    }
    return anybody ? "" : "waits, and no agent is there to claim it";
  }
}
