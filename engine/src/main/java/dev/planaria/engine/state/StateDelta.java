package dev.planaria.engine.state;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/// What lies between two states of one session: for each component what was put and what was taken
/// away, and the fields of the session itself. Immutable.
///
/// @param status where the session stands afterwards
/// @param configuration what the swarm is set up with afterwards
/// @param withoutEffect the operations that have no effect afterwards, see [History]
/// @param lastMemoryVersion the highest version given to any memory entry
/// @param memoryBytes the bytes of all memory values together
/// @param updatedAtMillis Unix time of the last operation
/// @param agents by id
/// @param tasks by id
/// @param connections by id
/// @param calls by id
/// @param memory by key
public record StateDelta(
    SessionStatus status,
    SwarmConfiguration configuration,
    List<SeqRange> withoutEffect,
    long lastMemoryVersion,
    long memoryBytes,
    long updatedAtMillis,
    Changes<String, Agent> agents,
    Changes<String, Task> tasks,
    Changes<String, Connection> connections,
    Changes<CallId, Call> calls,
    Changes<MemoryKey, MemoryEntry> memory) {

  /// Copies the list.
  public StateDelta {
    withoutEffect = List.copyOf(withoutEffect);
  }

  /// What became of a component.
  ///
  /// @param upserts values that are new or have changed, in the order of their keys
  /// @param removals keys that are gone
  public record Changes<K, V>(List<V> upserts, List<K> removals) {

    /// Copies the lists.
    public Changes {
      upserts = List.copyOf(upserts);
      removals = List.copyOf(removals);
    }

    /// How many values it touches.
    public int size() {
      return upserts.size() + removals.size();
    }
  }

  /// How many values it touches.
  public int size() {
    return agents.size() + tasks.size() + connections.size() + calls.size() + memory.size();
  }

  /// What leads from one state to another of the same session. Values are compared by identity: a
  /// state shares with the one before whatever an operation did not touch, so nothing is read but
  /// references. (A value that was replaced by an equal one is written needlessly, and harmlessly.)
  public static StateDelta between(SessionState before, SessionState after) {
    return new StateDelta(
        after.status(),
        after.configuration(),
        after.history().withoutEffect(),
        after.lastMemoryVersion(),
        after.memoryBytes(),
        after.updatedAtMillis(),
        changes(before.agents(), after.agents()),
        changes(before.tasks(), after.tasks()),
        changes(before.connections(), after.connections()),
        changes(before.calls(), after.calls()),
        changes(before.memory(), after.memory()));
  }

  /// Applies deltas in order; the indexes are made from nothing at the end. Total: whatever the
  /// deltas hold, the result is a state.
  public static SessionState compose(SessionState base, List<StateDelta> deltas) {
    if (deltas.isEmpty()) {
      return base;
    }
    var agents = base.agents();
    var tasks = base.tasks();
    var connections = base.connections();
    var calls = base.calls();
    var memory = base.memory();
    for (StateDelta delta : deltas) {
      for (Agent agent : delta.agents.upserts()) {
        agents = agents.plus(agent.id(), agent);
      }
      for (Task task : delta.tasks.upserts()) {
        tasks = tasks.plus(task.id(), task);
      }
      for (Connection connection : delta.connections.upserts()) {
        connections = connections.plus(connection.id(), connection);
      }
      for (Call call : delta.calls.upserts()) {
        calls = calls.plus(call.id(), call);
      }
      for (MemoryEntry entry : delta.memory.upserts()) {
        memory = memory.plus(entry.key(), entry);
      }
      agents = agents.minusAll(delta.agents.removals());
      tasks = tasks.minusAll(delta.tasks.removals());
      connections = connections.minusAll(delta.connections.removals());
      calls = calls.minusAll(delta.calls.removals());
      memory = memory.minusAll(delta.memory.removals());
    }
    StateDelta last = deltas.getLast();
    return new SessionState(
        base.id(),
        base.name(),
        last.status,
        base.history().withoutEffect(last.withoutEffect),
        last.configuration,
        agents,
        tasks,
        connections,
        calls,
        memory,
        last.lastMemoryVersion,
        last.memoryBytes,
        base.createdAtMillis(),
        last.updatedAtMillis,
        Indexes.of(agents, tasks, connections, calls, memory));
  }

  /// Walks two sorted maps side by side.
  // Identity is the question: equal values would have to be read to be compared.
  @SuppressWarnings("ReferenceEquality")
  private static <K, V> Changes<K, V> changes(TreePMap<K, V> before, TreePMap<K, V> after) {
    var upserts = new ArrayList<V>();
    var removals = new ArrayList<K>();
    if (before != after) {
      Comparator<? super K> order = Objects.requireNonNull(after.comparator());
      Iterator<Map.Entry<K, V>> olds = before.entrySet().iterator();
      Iterator<Map.Entry<K, V>> news = after.entrySet().iterator();
      Map.Entry<K, V> old = next(olds);
      Map.Entry<K, V> present = next(news);
      while (old != null || present != null) {
        int side = side(old, present, order);
        if (side < 0) {
          removals.add(Objects.requireNonNull(old).getKey());
        } else if (side > 0 || value(old) != value(present)) {
          upserts.add(value(present));
        }
        old = side <= 0 ? next(olds) : old;
        present = side >= 0 ? next(news) : present;
      }
    }
    return new Changes<>(upserts, removals);
  }

  /// Negative when the old map's key comes first, positive when the new map's does, 0 when they are
  /// the same.
  private static <K, V> int side(
      Map.@Nullable Entry<K, V> old,
      Map.@Nullable Entry<K, V> present,
      Comparator<? super K> order) {
    if (old == null) {
      return 1;
    }
    return present == null ? -1 : order.compare(old.getKey(), present.getKey());
  }

  private static <V> V value(Map.@Nullable Entry<?, V> entry) {
    return Objects.requireNonNull(entry).getValue();
  }

  private static <T> @Nullable T next(Iterator<T> iterator) {
    return iterator.hasNext() ? iterator.next() : null;
  }
}
