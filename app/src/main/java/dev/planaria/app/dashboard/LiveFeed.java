package dev.planaria.app.dashboard;

import dev.planaria.app.tools.Views;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.session.EngineEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What happens, told to everybody who listens at that moment, and for a while to those who come
/// back. Nobody can hold up who tells: a listener that does not keep pace is dropped, and asks anew
/// for what it shows. Thread-safe.
public final class LiveFeed implements Consumer<EngineEvent> {
  private final String origin;
  private final DashboardSettings settings;

  // All guarded by this.
  private final Deque<Event> kept = new ArrayDeque<>();
  private final Set<Listener> listeners = new HashSet<>();
  private long number;
  private boolean ended;

  /// What an event is about.
  public enum Type {
    RECOVERY,
    SESSION,
    CONNECTION,
    ALERT,
    CHECKPOINT,
    KPIS,
    /// The light figures that come again and again; never kept, since the next one replaces it.
    PULSE,
    /// The process lives; says nothing else, and waits for no work.
    BEAT;

    /// True for what is never kept, since the next one replaces it.
    boolean isPassing() {
      return this == PULSE || this == BEAT;
    }
  }

  /// One event.
  ///
  /// @param number its place, from 1; 0 when it has none
  /// @param data is written when somebody reads it
  record Event(long number, Type type, Supplier<JsonObject> data) {}

  /// @param origin names this process, so that places of another one are not taken for ours;
  ///   letters and digits
  public LiveFeed(String origin, DashboardSettings settings) {
    this.origin = origin;
    this.settings = settings;
  }

  /// Hears of what happens to sessions. Costs next to nothing, since sessions wait for it.
  @Override
  public void accept(EngineEvent event) {
    switch (event) {
      case EngineEvent.SessionRecovered(var record) ->
          publish(Type.RECOVERY, () -> Views.recovery(record));
      case EngineEvent.SessionQuarantined(var record) ->
          publish(Type.RECOVERY, () -> Views.recovery(record));
      case EngineEvent.RecoveryFinished(var run) -> publish(Type.RECOVERY, () -> Views.run(run));
      case EngineEvent.CheckpointTaken(var info, long _) ->
          publish(Type.CHECKPOINT, () -> Views.checkpoint(info));
      case EngineEvent.RecoveryBegun _,
          EngineEvent.DamageFound _,
          EngineEvent.CheckpointFailed _ -> {
        // Nobody listens while an engine opens; the other two become alerts.
      }
    }
  }

  /// Tells everybody.
  ///
  /// @param data small
  public synchronized void publish(Type type, Supplier<JsonObject> data) {
    boolean passing = type.isPassing();
    var event = new Event(passing ? 0 : ++number, type, data);
    if (!passing) {
      kept.addLast(event);
      if (kept.size() > settings.keptEvents()) {
        kept.removeFirst();
      }
    }
    listeners.forEach(listener -> listener.hand(event));
  }

  /// Tells everybody that the process lives.
  void beat() {
    publish(Type.BEAT, () -> JsonObject.EMPTY);
  }

  /// True when anybody listens.
  public synchronized boolean isHeard() {
    return !listeners.isEmpty();
  }

  /// From now on nobody is told anything; the next process goes on with the streams.
  public synchronized void end() {
    ended = true;
    listeners.forEach(Listener::wake);
  }

  /// Too many listen already.
  static final class TooManyListeners extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /// Begins to listen.
  ///
  /// @param lastEventId what the listener heard last, or null
  /// @throws TooManyListeners when the limit is reached
  synchronized Listener listen(@Nullable String lastEventId) throws TooManyListeners {
    if (listeners.size() >= settings.streams()) {
      throw new TooManyListeners();
    }
    var missed = missed(lastEventId);
    var listener = new Listener(missed != null, idOf(number));
    if (missed != null) {
      missed.forEach(listener::hand);
    }
    listeners.add(listener);
    return listener;
  }

  /// What came after an event, or null when that cannot be told.
  private @Nullable List<Event> missed(@Nullable String lastEventId) {
    if (lastEventId == null || !lastEventId.startsWith(origin + "-")) {
      return null;
    }
    long last;
    try {
      last = Long.parseLong(lastEventId.substring(origin.length() + 1));
    } catch (NumberFormatException e) {
      return null;
    }
    long oldest = number - kept.size();
    if (last < oldest || last > number) {
      return null;
    }
    return kept.stream().filter(event -> event.number() > last).toList();
  }

  String idOf(long place) {
    return origin + "-" + place;
  }

  /// Somebody who listens. [#next] is called by one thread.
  final class Listener implements AutoCloseable {
    private final BlockingQueue<Event> waiting =
        new ArrayBlockingQueue<>(settings.bufferedEvents() + 1);
    private final boolean continued;
    private final String firstId;
    private volatile boolean dropped;

    private Listener(boolean continued, String firstId) {
      this.continued = continued;
      this.firstId = firstId;
    }

    /// True when nothing was missed since the event by which the listener came back.
    boolean isContinued() {
      return continued;
    }

    /// The place at which it began.
    String firstId() {
      return firstId;
    }

    /// True when it was too slow; what it has not been told is gone.
    boolean isDropped() {
      return dropped;
    }

    private void hand(Event event) {
      // The last place is kept for the one who wakes it.
      if (dropped || waiting.size() >= settings.bufferedEvents()) {
        dropped |= !event.type().isPassing();
      } else {
        waiting.add(event);
      }
    }

    private void wake() {
      var _ = waiting.offer(new Event(0, Type.PULSE, () -> JsonObject.EMPTY));
    }

    /// Everything that waits; after so long, nothing.
    List<Event> next(long millis) throws InterruptedException {
      var events = new ArrayList<Event>();
      Event first = waiting.poll(millis, TimeUnit.MILLISECONDS);
      if (first != null) {
        events.add(first);
        waiting.drainTo(events);
      }
      return events;
    }

    @Override
    public void close() {
      synchronized (LiveFeed.this) {
        listeners.remove(this);
      }
    }
  }

  /// True when the process ends.
  synchronized boolean hasEnded() {
    return ended;
  }
}
