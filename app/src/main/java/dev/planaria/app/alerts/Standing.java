package dev.planaria.app.alerts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/// What outlives the worker: all alerts, and who has yet to be told what. Both change together, so
/// that no kill can fall between an alert and its message. Immutable.
///
/// @param alerts as they stand
/// @param outbox what is on its way, oldest first
/// @param crashesMillis when workers died, the newest last, Unix time: one that dies right after
///   its start leaves no other trace
public record Standing(Alerts alerts, List<Delivery> outbox, List<Long> crashesMillis) {
  /// Nothing happened yet.
  public static final Standing NONE = new Standing(Alerts.NONE, List.of(), List.of());

  /// So many messages wait for one receiver: with more it has been away for long, and the oldest
  /// are told by nobody any more.
  static final int WAITING_PER_RECEIVER = 500;

  /// And so many for all of them.
  static final int WAITING = 1_500;

  /// A message that nobody took for so long says nothing any more.
  static final long WAITING_MILLIS = 3L * 86_400_000;

  /// So many crashes are remembered: many times what makes a loop.
  static final int CRASHES = 50;

  /// Copies the lists.
  public Standing {
    outbox = List.copyOf(outbox);
    crashesMillis = List.copyOf(crashesMillis);
  }

  /// A change that a receiver has yet to be told.
  ///
  /// @param receiver its name
  /// @param sinceMillis when the change happened, Unix time
  /// @param change what happened
  public record Delivery(String receiver, long sinceMillis, AlertChange change) {}

  /// The same after a step.
  ///
  /// @param receivers who is told of each change
  Standing after(Alerts.Step step, Set<String> receivers, long nowMillis) {
    var waiting = new ArrayList<Delivery>();
    for (Delivery delivery : outbox) {
      if (nowMillis - delivery.sinceMillis() <= WAITING_MILLIS) {
        waiting.add(delivery);
      }
    }
    for (String receiver : receivers) {
      for (AlertChange change : step.changes()) {
        waiting.add(new Delivery(receiver, nowMillis, change));
      }
      long surplus = count(waiting, receiver) - WAITING_PER_RECEIVER;
      for (int i = 0; i < waiting.size() && surplus > 0; i++) {
        if (waiting.get(i).receiver().equals(receiver)) {
          waiting.remove(i--);
          surplus--;
        }
      }
    }
    int surplus = Math.max(0, waiting.size() - WAITING);
    return new Standing(step.alerts(), waiting.subList(surplus, waiting.size()), crashesMillis);
  }

  private static long count(List<Delivery> waiting, String receiver) {
    return waiting.stream().filter(delivery -> delivery.receiver().equals(receiver)).count();
  }

  /// The same behind what was only read now: what is known of an alert goes on from there, and what
  /// has happened since is added.
  Standing behind(Standing before) {
    var all = new LinkedHashMap<>(alerts.byId());
    all.putAll(before.alerts().byId());
    var waiting = new ArrayList<>(before.outbox());
    waiting.addAll(outbox);
    Standing joined = new Standing(new Alerts(all), waiting, before.crashesMillis());
    for (long at : crashesMillis) {
      joined = joined.crashed(at);
    }
    return joined;
  }

  /// The same, with that delivered.
  Standing without(Delivery delivered) {
    var waiting = new ArrayList<>(outbox);
    waiting.remove(delivered);
    return new Standing(alerts, waiting, crashesMillis);
  }

  /// The same for these receivers alone; what waits for others is dropped.
  Standing only(Set<String> receivers) {
    return new Standing(
        alerts,
        outbox.stream().filter(delivery -> receivers.contains(delivery.receiver())).toList(),
        crashesMillis);
  }

  Standing with(Alerts changed) {
    return new Standing(changed, outbox, crashesMillis);
  }

  /// The same, after one more crash.
  Standing crashed(long atMillis) {
    if (crashesMillis.contains(atMillis)) {
      return this;
    }
    var crashes = new ArrayList<>(crashesMillis);
    crashes.add(atMillis);
    int surplus = Math.max(0, crashes.size() - CRASHES);
    return new Standing(alerts, outbox, crashes.subList(surplus, crashes.size()));
  }
}
