package dev.planaria.engine.state;

import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/// A whole session as one immutable value. Changed only by [Transition#apply]; copies share
/// structure, so keeping an old one costs what has changed since.
///
/// @param id the session's id
/// @param name unique among the sessions of a store
/// @param status where the session stands
/// @param history where it comes from, and which of its operations count
/// @param configuration what the swarm was set up with
/// @param agents by agent id, oldest first
/// @param tasks by task id, oldest first
/// @param connections by upstream name
/// @param calls by id: those that are open, and those that have ended and are not forgotten yet
/// @param memory by namespace and key; expired entries stay until they are swept and must be
///   filtered when read
/// @param lastMemoryVersion the highest version given to any memory entry so far
/// @param memoryBytes the bytes of all memory values together
/// @param createdAtMillis Unix time
/// @param updatedAtMillis Unix time of the last operation; never goes back
/// @param indexes derived from the components above
public record SessionState(
    SessionId id,
    String name,
    SessionStatus status,
    History history,
    SwarmConfiguration configuration,
    TreePMap<String, Agent> agents,
    TreePMap<String, Task> tasks,
    TreePMap<String, Connection> connections,
    TreePMap<CallId, Call> calls,
    TreePMap<MemoryKey, MemoryEntry> memory,
    long lastMemoryVersion,
    long memoryBytes,
    long createdAtMillis,
    long updatedAtMillis,
    Indexes indexes) {

  /// The session it was forked from or opened under, or null.
  public @Nullable SessionId parent() {
    return history.parent();
  }

  /// When something is due next ([Command.Sweep] settles it), Unix time; [Long#MAX_VALUE] when
  /// nothing is.
  public long nextDueMillis() {
    return indexes.nextDueMillis();
  }

  /// The same, shown as quarantined.
  public SessionState quarantined() {
    return new StateEdit(this).status(SessionStatus.QUARANTINED).at(updatedAtMillis);
  }

  /// How much the session holds.
  public SessionCounts counts() {
    return new SessionCounts(
        indexes.roster().counts(),
        indexes.board().counts(),
        connections.size(),
        indexes.calls().counts(),
        memory.size());
  }

  /// A call, or null when there never was one of that id, or it is forgotten.
  public @Nullable Call call(CallId id) {
    return calls.get(id);
  }

  /// The calls of a connection that wait or run, in the order in which they are sent. Costs what is
  /// taken from the stream.
  public Stream<Call> openCalls(String connectionId) {
    return at(indexes.calls().line(connectionId).open());
  }

  /// The calls of a connection that are kept for replay, in the order in which they were accepted.
  public Stream<Call> replayableCalls(String connectionId) {
    return at(indexes.calls().line(connectionId).replay());
  }

  private Stream<Call> at(TreePSet<CallBoard.Place> places) {
    return places.stream().map(place -> calls.get(place.id())).filter(Objects::nonNull);
  }

  /// A memory entry, or null when there is none or it has expired.
  public @Nullable MemoryEntry memoryAt(MemoryKey key, long nowMillis) {
    MemoryEntry entry = memory.get(key);
    return entry == null || entry.isExpiredAt(nowMillis) ? null : entry;
  }

  /// The entries of a namespace whose key begins with a prefix, by key, expired ones left out.
  /// Costs what is taken from the stream, whatever else the session remembers.
  ///
  /// @param afterKey go on behind this key, or null to begin with the first
  public Stream<MemoryEntry> memoryWithPrefix(
      String namespace, String prefix, @Nullable String afterKey, long nowMillis) {
    boolean fromStart = afterKey == null || afterKey.compareTo(prefix) < 0;
    var from = new MemoryKey(namespace, fromStart ? prefix : Objects.requireNonNull(afterKey));
    return memory.tailMap(from, fromStart).values().stream()
        .takeWhile(entry ->
            entry.key().namespace().equals(namespace) && entry.key().key().startsWith(prefix))
        .filter(entry -> !entry.isExpiredAt(nowMillis));
  }
}
