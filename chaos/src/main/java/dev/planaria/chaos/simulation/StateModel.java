package dev.planaria.chaos.simulation;

import dev.planaria.chaos.report.Violation.Kind;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.state.Agent;
import dev.planaria.engine.state.Call;
import dev.planaria.engine.state.CallId;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.Connection;
import dev.planaria.engine.state.Lease;
import dev.planaria.engine.state.MemoryEntry;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.Task;
import dev.planaria.engine.state.TaskStatus;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a session holds, as plain maps, filled by its operations in order. Knows no rule of the
/// engine's, and none of its ways to keep a state.
final class StateModel {

  private final World world;
  private final Ledger ledger;
  private final Map<String, Agent> agents = new HashMap<>();
  private final Map<String, Task> tasks = new HashMap<>();
  private final Map<String, Connection> connections = new HashMap<>();
  private final Map<CallId, Call> calls = new HashMap<>();
  private final Map<MemoryKey, MemoryEntry> memory = new HashMap<>();
  private final Map<String, String> holders = new HashMap<>();
  private final Set<Object> touched = new HashSet<>();
  private boolean repaired;

  StateModel(World world, Ledger ledger) {
    this.world = world;
    this.ledger = ledger;
  }

  /// Takes over what a repair has led to.
  void adopt(SessionState state) {
    agents.clear();
    agents.putAll(state.agents());
    tasks.clear();
    tasks.putAll(state.tasks());
    connections.clear();
    connections.putAll(state.connections());
    calls.clear();
    calls.putAll(state.calls());
    memory.clear();
    memory.putAll(state.memory());
    holders.clear();
    touched.clear();
    repaired = false;
  }

  /// True since a repair whose outcome was not taken over yet: nothing can be said meanwhile.
  boolean isRepaired() {
    return repaired;
  }

  /// A repair has happened that no operation tells of.
  void repaired() {
    repaired = true;
  }

  /// The component that differs, or null.
  @Nullable String difference(SessionState state) {
    touched.clear();
    if (!agents.equals(state.agents())) {
      return "agents";
    }
    if (!tasks.equals(state.tasks())) {
      return "tasks";
    }
    if (!connections.equals(state.connections())) {
      return "connections";
    }
    if (!calls.equals(state.calls())) {
      return "calls";
    }
    return memory.equals(state.memory()) ? null : "memory";
  }

  /// As the other, where an operation has changed something since the last look.
  @Nullable String change(SessionState state) {
    boolean sizes =
        agents.size() == state.agents().size()
            && tasks.size() == state.tasks().size()
            && connections.size() == state.connections().size()
            && calls.size() == state.calls().size()
            && memory.size() == state.memory().size();
    String differing = sizes ? null : "number of things";
    for (Object key : touched) {
      boolean same =
          switch (key) {
            case CallId call -> Ledger.same(calls.get(call), state.calls().get(call));
            case MemoryKey place -> Ledger.same(memory.get(place), state.memory().get(place));
            case String name ->
                Ledger.same(agents.get(name), state.agents().get(name))
                    && Ledger.same(tasks.get(name), state.tasks().get(name))
                    && Ledger.same(connections.get(name), state.connections().get(name));
            default -> throw new IllegalStateException("nothing is named " + key);
          };
      differing = same ? differing : key.toString();
    }
    touched.clear();
    return differing;
  }

  /// Applies an operation.
  void apply(Operation operation, Entry entry) {
    switch (operation) {
      case Operation.AgentSpawned(Agent agent) -> put(agent);
      case Operation.AgentUpdated(Agent agent) -> put(agent);
      case Operation.AgentHeartbeat(Agent agent) -> put(agent);
      case Operation.AgentRetired(Agent agent, List<Task> released) -> {
        put(agent);
        released.forEach(this::put);
      }
      case Operation.TaskCreated(Task task) -> put(task);
      case Operation.TaskOrchestrated(Task task, var _) -> put(task);
      case Operation.TaskClaimed(Task task, Agent agent) -> {
        claimed(task, entry);
        put(task);
        put(agent);
      }
      case Operation.TaskUpdated(Task task, Agent agent) -> {
        requireHolder(task, entry);
        put(task);
        put(agent);
      }
      case Operation.TaskCompleted(Task task, Agent agent) -> {
        requireHolder(task, entry);
        put(task);
        put(agent);
      }
      case Operation.TaskFailed(Task task, Agent agent, List<Task> cancelled) -> {
        requireHolder(task, entry);
        put(task);
        put(agent);
        cancelled.forEach(this::put);
      }
      case Operation.MemoryStored(MemoryEntry stored) -> {
        memory.put(stored.key(), stored);
        touched.add(stored.key());
      }
      case Operation.MemoryDeleted(MemoryKey key, var _) -> remove(memory, key);
      case Operation.Swept swept -> sweep(swept);
      case Operation.Resumed(var _, List<Task> renewed) -> renewed.forEach(this::put);
      // What a repair has led to is taken over afterwards.
      case Operation.Detached _, Operation.Clamped _, Operation.Recovered _ -> repaired = true;
      default -> applyToCalls(operation);
    }
  }

  private void applyToCalls(Operation operation) {
    switch (operation) {
      case Operation.SessionOpened _, Operation.SwarmConfigured _ -> {}
      case Operation.ConnectionPut(Connection connection) -> put(connection);
      case Operation.CallAccepted(Call call, List<CallId> forgotten) -> {
        put(call);
        forgotten.forEach(id -> remove(calls, id));
      }
      case Operation.CallMoved(
              Call call,
              @Nullable Connection connection,
              List<CallId> forgotten) -> {
        put(call);
        if (connection != null) {
          put(connection);
        }
        forgotten.forEach(id -> remove(calls, id));
      }
      case Operation.CallForgotten(CallId id) -> remove(calls, id);
      default -> throw new IllegalStateException("nobody asks for " + operation);
    }
  }

  private void sweep(Operation.Swept swept) {
    for (Task task : swept.tasks()) {
      Task before = tasks.get(task.id());
      if (before != null && before.status() == TaskStatus.RUNNING) {
        world.hits.add(SimulatedFault.LEASE_EXPIRED);
        holders.remove(task.id());
      }
      put(task);
    }
    swept.agents().forEach(this::put);
    swept.memory().forEach(key -> remove(memory, key));
    swept.calls().forEach(this::put);
    swept.forgotten().forEach(id -> remove(calls, id));
  }

  /// A task has one holder at most.
  private void claimed(Task task, Entry entry) {
    Task before = tasks.get(task.id());
    if (before != null && before.status() == TaskStatus.RUNNING && !repaired) {
      world.violate(
          Kind.UNFENCED, task.id() + " was claimed at " + entry.seq() + ", and has a holder");
    }
    holders.put(task.id(), entry.principal());
  }

  /// Only the holder may work on a task, and with its present token.
  private void requireHolder(Task task, Entry entry) {
    Request request = ledger.request(entry.operationId());
    String token =
        switch (request == null ? null : request.command()) {
          case Command.UpdateTask update -> update.leaseToken();
          case Command.CompleteTask complete -> complete.leaseToken();
          case Command.FailTask fail -> fail.leaseToken();
          case null, default -> null;
        };
    Task before = tasks.get(task.id());
    Lease lease = before == null ? null : before.lease();
    boolean present = lease != null && lease.token().equals(token);
    // After a repair nobody but the token can tell.
    String last = holders.get(task.id());
    boolean holder = last == null || last.equals(entry.principal());
    if (!repaired && !(present && holder)) {
      world.violate(
          Kind.UNFENCED,
          entry.operationId() + " has changed " + task.id() + ", which somebody else holds");
    }
  }

  private void put(Agent agent) {
    agents.put(agent.id(), agent);
    touched.add(agent.id());
  }

  private void put(Task task) {
    tasks.put(task.id(), task);
    touched.add(task.id());
  }

  private void put(Connection connection) {
    connections.put(connection.id(), connection);
    touched.add(connection.id());
  }

  private void put(Call call) {
    calls.put(call.id(), call);
    touched.add(call.id());
  }

  private <K, V> void remove(Map<K, V> from, K key) {
    from.remove(key);
    touched.add(key);
  }
}
