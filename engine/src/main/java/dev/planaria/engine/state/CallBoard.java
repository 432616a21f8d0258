package dev.planaria.engine.state;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/// Indexes over a session's calls. Derived, like [TaskBoard]. Immutable.
///
/// @param lines by connection id; a connection without open calls and replay record has none
/// @param waits of calls that wait, the next to expire first
/// @param kept calls that have ended and are not kept for replay, the next to be forgotten first
/// @param counts calls by status
/// @param totalBytes weight of all calls
/// @param keptBytes weight of those in `kept`
public record CallBoard(
    TreePMap<String, Line> lines,
    TreePSet<End> waits,
    TreePSet<End> kept,
    Tally<CallStatus> counts,
    long totalBytes,
    long keptBytes) {

  static final CallBoard EMPTY =
      new CallBoard(
          TreePMap.empty(),
          TreePSet.empty(),
          TreePSet.empty(),
          Tally.empty(CallStatus.class),
          0,
          0);

  /// When a call expires or is forgotten.
  ///
  /// @param atMillis Unix time
  /// @param id the call
  public record End(long atMillis, CallId id) implements Comparable<End> {

    @Override
    public int compareTo(End other) {
      int byTime = Long.compare(atMillis, other.atMillis);
      return byTime != 0 ? byTime : id.compareTo(other.id);
    }
  }

  /// A call's place among those of its connection.
  ///
  /// @param order see [Call#order]
  /// @param id the call
  public record Place(long order, CallId id) implements Comparable<Place> {

    @Override
    public int compareTo(Place other) {
      int byOrder = Long.compare(order, other.order);
      return byOrder != 0 ? byOrder : id.compareTo(other.id);
    }
  }

  /// The calls of one connection that something has to be done with.
  ///
  /// @param open those that wait or run, in order
  /// @param openBytes their weight
  /// @param replay those that are kept for replay, in order
  /// @param replayBytes their weight
  public record Line(
      TreePSet<Place> open, long openBytes, TreePSet<Place> replay, long replayBytes) {

    static final Line EMPTY = new Line(TreePSet.empty(), 0, TreePSet.empty(), 0);

    private boolean isEmpty() {
      return open.isEmpty() && replay.isEmpty();
    }

    private Line with(Call call) {
      var place = new Place(call.order(), call.id());
      long weight = Weight.of(call);
      return call.status().isOpen()
          ? new Line(open.plus(place), openBytes + weight, replay, replayBytes)
          : new Line(open, openBytes, replay.plus(place), replayBytes + weight);
    }

    private Line without(Call call) {
      var place = new Place(call.order(), call.id());
      long weight = Weight.of(call);
      return call.status().isOpen()
          ? new Line(open.minus(place), openBytes - weight, replay, replayBytes)
          : new Line(open, openBytes, replay.minus(place), replayBytes - weight);
    }
  }

  /// The calls of a connection that wait, run or are kept for replay.
  public Line line(String connectionId) {
    return lines.getOrDefault(connectionId, Line.EMPTY);
  }

  /// When the first call expires or is to be forgotten, or [Long#MAX_VALUE].
  long nextEndMillis() {
    long wait = waits.isEmpty() ? Long.MAX_VALUE : waits.first().atMillis();
    return kept.isEmpty() ? wait : Math.min(wait, kept.first().atMillis());
  }

  /// A call was put in the place of another of the same id (null: of none; null: with none).
  CallBoard moved(@Nullable Call before, @Nullable Call after) {
    CallBoard without = before == null ? this : without(before);
    return after == null ? without : without.with(after);
  }

  private CallBoard with(Call call) {
    var linesNow = lines;
    if (call.needsConnection()) {
      linesNow = lines.plus(call.connectionId(), line(call.connectionId()).with(call));
    }
    long weight = Weight.of(call);
    End end = end(call);
    boolean waiting = call.status().isWaiting();
    return new CallBoard(
        linesNow,
        end != null && waiting ? waits.plus(end) : waits,
        end != null && !waiting ? kept.plus(end) : kept,
        counts.moved(null, call.status()),
        totalBytes + weight,
        keptBytes + (end != null && !waiting ? weight : 0));
  }

  private CallBoard without(Call call) {
    var linesNow = lines;
    if (call.needsConnection()) {
      Line left = line(call.connectionId()).without(call);
      linesNow =
          left.isEmpty() ? lines.minus(call.connectionId()) : lines.plus(call.connectionId(), left);
    }
    long weight = Weight.of(call);
    End end = end(call);
    boolean waiting = call.status().isWaiting();
    return new CallBoard(
        linesNow,
        end != null && waiting ? waits.minus(end) : waits,
        end != null && !waiting ? kept.minus(end) : kept,
        counts.removed(call.status()),
        totalBytes - weight,
        keptBytes - (end != null && !waiting ? weight : 0));
  }

  private static @Nullable End end(Call call) {
    Long at = call.expiresAtMillis();
    return at == null ? null : new End(at, call.id());
  }

  static CallBoard of(Map<CallId, Call> calls) {
    var board = EMPTY;
    for (Call call : calls.values()) {
      board = board.moved(null, call);
    }
    return board;
  }
}
