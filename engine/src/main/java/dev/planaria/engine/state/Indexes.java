package dev.planaria.engine.state;

import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePSet;

/// What is derived from a session's components, so that commands, limits and the question what is
/// due next cost the same in a large session as in a small one. Never written. Immutable.
///
/// @param board over the tasks
/// @param roster over the agents and connections
/// @param calls over the calls
/// @param expiries of memory entries with a time to live, the next to expire first
public record Indexes(
    TaskBoard board, Roster roster, CallBoard calls, TreePSet<MemoryEnd> expiries) {

  static final Indexes EMPTY =
      new Indexes(TaskBoard.EMPTY, Roster.EMPTY, CallBoard.EMPTY, TreePSet.empty());

  /// When a memory entry expires.
  ///
  /// @param atMillis Unix time
  /// @param key the entry
  public record MemoryEnd(long atMillis, MemoryKey key) implements Comparable<MemoryEnd> {

    static @Nullable MemoryEnd of(@Nullable MemoryEntry entry) {
      return entry == null || entry.expiresAtMillis() == null
          ? null
          : new MemoryEnd(entry.expiresAtMillis(), entry.key());
    }

    @Override
    public int compareTo(MemoryEnd other) {
      int byTime = Long.compare(atMillis, other.atMillis);
      return byTime != 0 ? byTime : key.compareTo(other.key);
    }
  }

  /// The indexes over all components, made from nothing.
  static Indexes of(
      Map<String, Agent> agents,
      Map<String, Task> tasks,
      Map<String, Connection> connections,
      Map<CallId, Call> calls,
      Map<MemoryKey, MemoryEntry> memory) {
    var expiries = new TreeSet<MemoryEnd>();
    for (var entry : memory.values()) {
      MemoryEnd end = MemoryEnd.of(entry);
      if (end != null) {
        expiries.add(end);
      }
    }
    return new Indexes(
        TaskBoard.of(tasks),
        Roster.of(agents, connections),
        CallBoard.of(calls),
        TreePSet.fromSortedSet(expiries));
  }

  /// When the first lease, memory entry or call runs out, or [Long#MAX_VALUE].
  long nextDueMillis() {
    long expiry = expiries.isEmpty() ? Long.MAX_VALUE : expiries.first().atMillis();
    return Math.min(Math.min(board.nextLeaseEndMillis(), calls.nextEndMillis()), expiry);
  }

  /// Weight of the live agents and unfinished tasks.
  long openBytes() {
    return board.openBytes() + roster.openBytes();
  }

  /// Weight of all agents, tasks and connections.
  long totalBytes() {
    return board.totalBytes() + roster.totalBytes();
  }
}
