package dev.planaria.engine.state;

import java.util.ArrayList;
import java.util.List;

/// What an operation writes.
///
/// @param component what it is mostly about: `session`, `agents`, `tasks`, `connections`, `calls`
///   or `memory`
/// @param agents as they are afterwards
/// @param tasks as they are afterwards
/// @param calls as they are afterwards
public record Footprint(String component, List<Agent> agents, List<Task> tasks, List<Call> calls) {

  /// The component of an operation that cannot be read, so that nobody knows what it was about.
  public static final String UNREADABLE = "unreadable";

  /// Copies the lists.
  public Footprint {
    agents = List.copyOf(agents);
    tasks = List.copyOf(tasks);
    calls = List.copyOf(calls);
  }

  /// What that operation writes.
  public static Footprint of(Operation operation) {
    return switch (operation) {
      case Operation.SessionOpened _ -> nothing("session");
      case Operation.SessionForked op ->
          new Footprint(
              "session",
              List.copyOf(op.state().agents().values()),
              List.copyOf(op.state().tasks().values()),
              List.copyOf(op.state().calls().values()));
      case Operation.Restored op ->
          new Footprint(
              "session",
              op.changes().agents().upserts(),
              op.changes().tasks().upserts(),
              op.changes().calls().upserts());
      case Operation.SwarmConfigured _ -> nothing("session");
      case Operation.SessionClosed op ->
          new Footprint("session", op.agents(), op.tasks(), op.calls());
      case Operation.AgentSpawned op -> agent(op.agent());
      case Operation.AgentUpdated op -> agent(op.agent());
      case Operation.AgentHeartbeat op -> agent(op.agent());
      case Operation.AgentRetired op ->
          new Footprint("agents", List.of(op.agent()), op.released(), List.of());
      case Operation.TaskCreated op -> tasks(List.of(), op.task(), List.of());
      case Operation.TaskOrchestrated op -> tasks(List.of(), op.task(), List.of());
      case Operation.TaskClaimed op -> tasks(List.of(op.agent()), op.task(), List.of());
      case Operation.TaskUpdated op -> tasks(List.of(op.agent()), op.task(), List.of());
      case Operation.TaskCompleted op -> tasks(List.of(op.agent()), op.task(), List.of());
      case Operation.TaskFailed op -> tasks(List.of(op.agent()), op.task(), op.cancelled());
      case Operation.MemoryStored _ -> nothing("memory");
      case Operation.MemoryDeleted _ -> nothing("memory");
      case Operation.ConnectionPut _ -> nothing("connections");
      case Operation.ConnectionRemoved op ->
          new Footprint("connections", List.of(), List.of(), op.calls());
      case Operation.CallAccepted op -> call(op.call());
      case Operation.CallMoved op -> call(op.call());
      case Operation.CallForgotten _ -> nothing("calls");
      case Operation.ReplayDropped _ -> nothing("calls");
      case Operation.Swept op -> new Footprint("tasks", op.agents(), op.tasks(), op.calls());
      case Operation.Resumed op -> new Footprint("tasks", List.of(), op.tasks(), List.of());
      case Operation.Recovered _ -> nothing("session");
      case Operation.Detached op -> new Footprint("tasks", op.agents(), op.tasks(), op.calls());
      case Operation.Clamped op -> new Footprint("tasks", op.agents(), op.tasks(), op.calls());
    };
  }

  private static Footprint nothing(String component) {
    return new Footprint(component, List.of(), List.of(), List.of());
  }

  private static Footprint agent(Agent agent) {
    return new Footprint("agents", List.of(agent), List.of(), List.of());
  }

  private static Footprint call(Call call) {
    return new Footprint("calls", List.of(), List.of(), List.of(call));
  }

  private static Footprint tasks(List<Agent> agents, Task task, List<Task> others) {
    var all = new ArrayList<Task>(others);
    all.addFirst(task);
    return new Footprint("tasks", agents, all, List.of());
  }
}
