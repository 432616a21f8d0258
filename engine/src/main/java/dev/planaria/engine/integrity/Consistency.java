package dev.planaria.engine.integrity;

import dev.planaria.engine.state.Agent;
import dev.planaria.engine.state.AgentStatus;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.Task;
import dev.planaria.engine.state.TaskStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Checks that the parts of a session agree with each other (specification, section 3.1:
/// referential consistency). Pure.
public final class Consistency {

  private Consistency() {}

  /// What contradicts itself, in sentences; none when all is well.
  public static List<String> check(SessionState state) {
    var findings = new ArrayList<String>();
    state.agents().values().forEach(agent -> check(agent, state, findings));
    state.tasks().values().forEach(task -> check(task, state, findings));
    findings.addAll(cycles(state));
    return findings;
  }

  private static void check(Agent agent, SessionState state, List<String> findings) {
    boolean busy = agent.status() == AgentStatus.BUSY;
    String current = agent.currentTask();
    if (busy != (current != null)) {
      findings.add("agent " + agent.id() + " must have a current task exactly while it is busy");
    } else if (current != null) {
      Task task = state.tasks().get(current);
      if (task == null || task.status() != TaskStatus.RUNNING) {
        findings.add("agent " + agent.id() + " works on " + current + ", which is not running");
      } else if (!agent.id().equals(task.assignee())) {
        findings.add("agent " + agent.id() + " works on " + current + " of another agent");
      }
    }
  }

  private static void check(Task task, SessionState state, List<String> findings) {
    boolean running = task.status() == TaskStatus.RUNNING;
    if (running != (task.lease() != null)) {
      findings.add("task " + task.id() + " must have a lease exactly while it is running");
    }
    String assignee = task.assignee();
    if (assignee == null) {
      if (running || task.status() == TaskStatus.ASSIGNED) {
        findings.add("task " + task.id() + " is given to nobody");
      }
    } else {
      Agent agent = state.agents().get(assignee);
      if (agent == null) {
        findings.add("task " + task.id() + " belongs to " + assignee + ", which does not exist");
      } else if (running && !task.id().equals(agent.currentTask())) {
        findings.add("task " + task.id() + " is running, but its agent works on something else");
      }
    }
    for (String dependency : task.dependsOn()) {
      if (!state.tasks().containsKey(dependency)) {
        findings.add("task " + task.id() + " depends on " + dependency + ", which does not exist");
      }
    }
    if (task.progressPercent() < 0 || task.progressPercent() > 100) {
      findings.add("task " + task.id() + " has a progress of " + task.progressPercent());
    }
  }

  /// Tasks on a cycle of dependencies could never be claimed. A dependency is always older than
  /// what depends on it, so one that is not is enough to tell; ids carry their age.
  private static List<String> cycles(SessionState state) {
    Map<String, Integer> age = new HashMap<>();
    for (String id : state.tasks().keySet()) {
      age.put(id, age.size());
    }
    var findings = new ArrayList<String>();
    for (Task task : state.tasks().values()) {
      for (String dependency : task.dependsOn()) {
        Integer dependencyAge = age.get(dependency);
        if (dependencyAge != null && dependencyAge >= age.getOrDefault(task.id(), 0)) {
          findings.add("task " + task.id() + " depends on " + dependency + ", which is younger");
        }
      }
    }
    return findings;
  }
}
