package dev.planaria.engine.state;

import java.util.ArrayList;
import java.util.List;

/// What an operation writes.
///
/// @param component what it is mostly about: `session`, `agents`, `tasks`, `connections` or
///   `memory`
/// @param agents as they are afterwards
/// @param tasks as they are afterwards
public record Footprint(String component, List<Agent> agents, List<Task> tasks) {

  /// The component of an operation that cannot be read, so that nobody knows what it was about.
  public static final String UNREADABLE = "unreadable";

  /// Copies the lists.
  public Footprint {
    agents = List.copyOf(agents);
    tasks = List.copyOf(tasks);
  }

  /// What that operation writes.
  public static Footprint of(Operation operation) {
    return switch (operation) {
      case Operation.SessionOpened _ -> nothing("session");
      case Operation.SessionForked op ->
          new Footprint(
              "session",
              List.copyOf(op.state().agents().values()),
              List.copyOf(op.state().tasks().values()));
      case Operation.Restored op ->
          new Footprint("session", op.changes().agents().upserts(), op.changes().tasks().upserts());
      case Operation.SwarmConfigured _ -> nothing("session");
      case Operation.SessionClosed op -> new Footprint("session", op.agents(), op.tasks());
      case Operation.AgentSpawned op -> agent(op.agent());
      case Operation.AgentUpdated op -> agent(op.agent());
      case Operation.AgentHeartbeat op -> agent(op.agent());
      case Operation.AgentRetired op -> new Footprint("agents", List.of(op.agent()), op.released());
      case Operation.TaskCreated op -> tasks(List.of(), op.task(), List.of());
      case Operation.TaskOrchestrated op -> tasks(List.of(), op.task(), List.of());
      case Operation.TaskClaimed op -> tasks(List.of(op.agent()), op.task(), List.of());
      case Operation.TaskUpdated op -> tasks(List.of(op.agent()), op.task(), List.of());
      case Operation.TaskCompleted op -> tasks(List.of(op.agent()), op.task(), List.of());
      case Operation.TaskFailed op -> tasks(List.of(op.agent()), op.task(), op.cancelled());
      case Operation.MemoryStored _ -> nothing("memory");
      case Operation.MemoryDeleted _ -> nothing("memory");
      case Operation.ConnectionPut _ -> nothing("connections");
      case Operation.ConnectionRemoved _ -> nothing("connections");
      case Operation.Swept op -> new Footprint("tasks", op.agents(), op.tasks());
      case Operation.Resumed op -> new Footprint("tasks", List.of(), op.tasks());
      case Operation.Recovered _ -> nothing("session");
      case Operation.Detached op -> new Footprint("tasks", op.agents(), op.tasks());
      case Operation.Clamped op -> new Footprint("tasks", op.agents(), op.tasks());
    };
  }

  private static Footprint nothing(String component) {
    return new Footprint(component, List.of(), List.of());
  }

  private static Footprint agent(Agent agent) {
    return new Footprint("agents", List.of(agent), List.of());
  }

  private static Footprint tasks(List<Agent> agents, Task task, List<Task> others) {
    var all = new ArrayList<Task>(others);
    all.addFirst(task);
    return new Footprint("tasks", agents, all);
  }
}
