package dev.planaria.engine.session;

import dev.planaria.engine.state.CallStatus;
import dev.planaria.engine.state.ConnectionStatus;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.SessionStatus;
import java.util.EnumMap;
import java.util.Map;

/// What an engine holds at one moment.
///
/// @param resident sessions in memory, by where they stand; every status is there
/// @param onDisk the same of sessions that are on disk alone
/// @param calls of the sessions in memory, by where they stand; ended ones that were not forgotten
///   yet included
/// @param connections of the sessions in memory, by where they stand
/// @param tailOperations operations that no checkpoint contains
/// @param tailBytes their size in the journal
/// @param tailSinceMillis when the oldest of them was written, Unix time, or 0 when there is none
/// @param memoryBytes of what sessions in memory remember for their agents
public record Census(
    Map<SessionStatus, Long> resident,
    Map<SessionStatus, Long> onDisk,
    Map<CallStatus, Long> calls,
    Map<ConnectionStatus, Long> connections,
    long tailOperations,
    long tailBytes,
    long tailSinceMillis,
    long memoryBytes) {

  /// Copies the maps.
  public Census {
    resident = Map.copyOf(resident);
    onDisk = Map.copyOf(onDisk);
    calls = Map.copyOf(calls);
    connections = Map.copyOf(connections);
  }

  /// Counts everything. Looks at each session once, and waits for none.
  static Census of(Catalogue catalogue) {
    var count = new Count();
    catalogue.all().forEach(count::add);
    return new Census(
        count.resident,
        count.onDisk,
        count.calls,
        count.connections,
        count.tailOperations,
        count.tailBytes,
        count.tailSinceMillis == Long.MAX_VALUE ? 0 : count.tailSinceMillis,
        count.memoryBytes);
  }

  private static final class Count {
    private final Map<SessionStatus, Long> resident = zeros(SessionStatus.class);
    private final Map<SessionStatus, Long> onDisk = zeros(SessionStatus.class);
    private final Map<CallStatus, Long> calls = zeros(CallStatus.class);
    private final Map<ConnectionStatus, Long> connections = zeros(ConnectionStatus.class);
    private long tailOperations;
    private long tailBytes;
    private long tailSinceMillis = Long.MAX_VALUE;
    private long memoryBytes;

    private static <E extends Enum<E>> Map<E, Long> zeros(Class<E> type) {
      var zeros = new EnumMap<E, Long>(type);
      for (E constant : type.getEnumConstants()) {
        zeros.put(constant, 0L);
      }
      return zeros;
    }

    private void add(SessionSlot slot) {
      SessionSummary summary = slot.summary();
      (summary.resident() ? resident : onDisk).merge(summary.status(), 1L, Long::sum);
      var tail = slot.tailSize();
      if (tail.operations() > 0) {
        tailOperations += tail.operations();
        tailBytes += tail.bytes();
        tailSinceMillis = Math.min(tailSinceMillis, tail.sinceMillis());
      }
      LiveSession live = slot.liveOrNull();
      var image = live == null ? null : live.disk().image();
      if (image != null) {
        add(image.state());
      }
    }

    private void add(SessionState state) {
      state
          .counts()
          .calls()
          .toMap()
          .forEach((status, count) -> calls.merge(status, (long) count, Long::sum));
      state
          .connections()
          .values()
          .forEach(connection -> connections.merge(connection.status(), 1L, Long::sum));
      memoryBytes += state.memoryBytes();
    }
  }
}
