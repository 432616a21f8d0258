package dev.planaria.engine.state;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/// Collects what one operation changes in a state, and keeps the indexes in step. Total: whatever
/// is put, the result is a state. Not thread-safe; lives for one [Transition].
final class StateEdit {

  private final SessionState before;
  private SessionStatus status;
  private SwarmConfiguration configuration;
  private History history;
  private TreePMap<String, Agent> agents;
  private TreePMap<String, Task> tasks;
  private TreePMap<String, Connection> connections;
  private TreePMap<CallId, Call> calls;
  private TreePMap<MemoryKey, MemoryEntry> memory;
  private long lastMemoryVersion;
  private long memoryBytes;
  private TaskBoard board;
  private Roster roster;
  private CallBoard callBoard;
  private TreePSet<Indexes.MemoryEnd> expiries;

  StateEdit(SessionState before) {
    this.before = before;
    this.status = before.status();
    this.configuration = before.configuration();
    this.history = before.history();
    this.agents = before.agents();
    this.tasks = before.tasks();
    this.connections = before.connections();
    this.calls = before.calls();
    this.memory = before.memory();
    this.lastMemoryVersion = before.lastMemoryVersion();
    this.memoryBytes = before.memoryBytes();
    this.board = before.indexes().board();
    this.roster = before.indexes().roster();
    this.callBoard = before.indexes().calls();
    this.expiries = before.indexes().expiries();
  }

  StateEdit status(SessionStatus value) {
    status = value;
    return this;
  }

  StateEdit configuration(SwarmConfiguration value) {
    configuration = value;
    return this;
  }

  /// Says that these operations have no effect, besides those that had none before.
  StateEdit lost(List<SeqRange> ranges) {
    if (!ranges.isEmpty()) {
      history =
          history.withoutEffect(
              SeqRange.union(
                  Stream.concat(history.withoutEffect().stream(), ranges.stream()).toList()));
    }
    return this;
  }

  StateEdit agent(Agent agent) {
    Agent old = agents.get(agent.id());
    agents = agents.plus(agent.id(), agent);
    roster = roster.moved(old, agent);
    return this;
  }

  StateEdit agents(List<Agent> changed) {
    changed.forEach(this::agent);
    return this;
  }

  StateEdit task(Task task) {
    Task old = tasks.get(task.id());
    tasks = tasks.plus(task.id(), task);
    board = board.moved(tasks, old, task);
    return this;
  }

  StateEdit tasks(List<Task> changed) {
    changed.forEach(this::task);
    return this;
  }

  StateEdit connection(Connection connection) {
    Connection old = connections.get(connection.id());
    connections = connections.plus(connection.id(), connection);
    roster = roster.moved(old, connection);
    return this;
  }

  StateEdit connectionIfGiven(@Nullable Connection connection) {
    return connection == null ? this : connection(connection);
  }

  StateEdit calls(List<Call> changed) {
    for (Call call : changed) {
      Call old = calls.get(call.id());
      calls = calls.plus(call.id(), call);
      callBoard = callBoard.moved(old, call);
    }
    return this;
  }

  StateEdit withoutCalls(List<CallId> ids) {
    for (CallId id : ids) {
      callBoard = callBoard.moved(calls.get(id), null);
      calls = calls.minus(id);
    }
    return this;
  }

  /// What is lost may have said that a call was sent: one that may have an effect and seems to wait
  /// is of unknown outcome then.
  StateEdit doubted(Operation.Recovered recovered) {
    if (!recovered.lost().isEmpty() || recovered.skipped() != null) {
      for (CallBoard.Line line : callBoard.lines().values()) {
        for (CallBoard.Place place : line.open()) {
          Call call = calls.get(place.id());
          if (call != null && call.status().isWaiting() && !call.callClass().mayRepeat()) {
            calls(List.of(CallRules.doubted(call)));
          }
        }
      }
    }
    return this;
  }

  StateEdit letGo(Operation.@Nullable LetGo letGo) {
    if (letGo != null) {
      for (CallId id : letGo.calls()) {
        Call call = calls.get(id);
        if (call != null && call.isKeptForReplay()) {
          calls(List.of(CallRules.letGo(call, letGo.keptUntilMillis())));
        }
      }
    }
    return this;
  }

  StateEdit withoutConnection(String id) {
    Connection old = connections.get(id);
    connections = connections.minus(id);
    roster = roster.moved(old, (Connection) null);
    return this;
  }

  StateEdit memory(MemoryEntry entry) {
    forget(memory.get(entry.key()));
    memory = memory.plus(entry.key(), entry);
    memoryBytes += entry.bytes();
    lastMemoryVersion = Math.max(lastMemoryVersion, entry.version());
    var end = Indexes.MemoryEnd.of(entry);
    if (end != null) {
      expiries = expiries.plus(end);
    }
    return this;
  }

  StateEdit withoutMemory(MemoryKey key) {
    forget(memory.get(key));
    memory = memory.minus(key);
    return this;
  }

  StateEdit withoutMemory(List<MemoryKey> keys) {
    keys.forEach(this::withoutMemory);
    return this;
  }

  /// Puts entries, and counts the bytes of all of them anew.
  StateEdit memoryRecounted(List<MemoryEntry> entries) {
    entries.forEach(this::memory);
    memoryBytes = memory.values().stream().mapToLong(MemoryEntry::bytes).sum();
    return this;
  }

  SessionState at(long timeMillis) {
    return new SessionState(
        before.id(),
        before.name(),
        status,
        history,
        configuration,
        agents,
        tasks,
        connections,
        calls,
        memory,
        lastMemoryVersion,
        memoryBytes,
        before.createdAtMillis(),
        Math.max(before.updatedAtMillis(), timeMillis),
        new Indexes(board, roster, callBoard, expiries));
  }

  private void forget(@Nullable MemoryEntry entry) {
    if (entry == null) {
      return;
    }
    memoryBytes -= entry.bytes();
    var end = Indexes.MemoryEnd.of(entry);
    if (end != null) {
      expiries = expiries.minus(end);
    }
  }
}
