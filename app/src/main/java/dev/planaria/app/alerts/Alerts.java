package dev.planaria.app.alerts;

import dev.planaria.app.alerts.AlertRules.Judgement;
import dev.planaria.app.alerts.Signal.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The standing of all alerts: those that fire, those that may soon, and those that did. Immutable.
///
/// @param byId all of them
public record Alerts(Map<String, Alert> byId) {
  /// Of one type, so many subjects are told one by one; the rest is told together. A thousand mails
  /// about one broken disk help nobody.
  static final int PER_TYPE = 100;

  /// So many alerts that have cleared are remembered.
  static final int HISTORY = 500;

  /// And for so long.
  static final long HISTORY_MILLIS = 30L * 86_400_000;

  /// Never more than so many in all: of each type those that are told one by one, the rest as one
  /// more, and what has cleared.
  static final int MOST = AlertType.values().length * (PER_TYPE + 1) + HISTORY;

  /// Nothing fires, and nothing ever did.
  public static final Alerts NONE = new Alerts(Map.of());

  /// Copies the map.
  public Alerts {
    byId = Map.copyOf(byId);
  }

  /// What a step has come to.
  ///
  /// @param alerts as they stand now
  /// @param changes that people are told, in no order that matters
  public record Step(Alerts alerts, List<AlertChange> changes) {
    /// Copies the list.
    public Step {
      changes = List.copyOf(changes);
    }
  }

  /// What readings make of the standing. Pure.
  ///
  /// @param nowMillis Unix time
  public Step step(Thresholds thresholds, Readings readings, long nowMillis) {
    return step(thresholds, AlertGuarantees.ALL, readings, nowMillis);
  }

  Step step(Thresholds thresholds, AlertGuarantees guarantees, Readings readings, long nowMillis) {
    Judgement judgement = AlertRules.judge(thresholds, guarantees, readings, nowMillis);
    Map<String, Signal> said = new Surplus(this, judgement).folded();
    var turn = new AlertTurn(guarantees, nowMillis);
    var next = new LinkedHashMap<String, Alert>();
    for (Alert alert : byId.values()) {
      Signal signal = said.remove(alert.id());
      if (signal == null) {
        signal =
            new Signal(
                alert.type(),
                alert.subject(),
                judgement.silence(alert),
                alert.seen().cause(),
                alert.seen().message(),
                alert.seen().value(),
                alert.seen().threshold());
      }
      turn.next(alert, signal).ifPresent(after -> next.put(after.id(), after));
    }
    for (Signal signal : said.values()) {
      if (signal.verdict() == Verdict.BAD) {
        turn.next(Alert.pending(signal, nowMillis), signal)
            .ifPresent(after -> next.put(after.id(), after));
      }
    }
    forget(next, judgement, nowMillis);
    return new Step(new Alerts(next), turn.changes());
  }

  /// Lets go of what cleared long ago, and of the oldest when there is too much of it; never of
  /// what still holds: it would fire once more.
  private static void forget(Map<String, Alert> next, Judgement judgement, long nowMillis) {
    List<Alert> cleared =
        next.values().stream()
            .filter(alert -> alert.state() == Alert.State.CLEARED)
            .filter(alert -> {
              Signal signal = judgement.said().get(alert.id());
              return signal == null || signal.verdict() != Verdict.BAD;
            })
            .sorted(Comparator.comparingLong(Alerts::clearedMillis))
            .toList();
    int surplus = cleared.size() - HISTORY;
    for (Alert alert : cleared) {
      if (surplus-- > 0 || nowMillis - clearedMillis(alert) > HISTORY_MILLIS) {
        next.remove(alert.id());
      }
    }
  }

  private static long clearedMillis(Alert alert) {
    Long at = alert.times().clearedMillis();
    return at == null ? 0 : at;
  }

  /// The alert of that id that fires or has fired.
  public Optional<Alert> find(String id) {
    return Optional.ofNullable(byId.get(id)).filter(Alerts::isTold);
  }

  /// Those that fire or have fired: first what fires, the worst and newest of it before the rest.
  public List<Alert> list() {
    return byId.values().stream()
        .filter(Alerts::isTold)
        .sorted(
            Comparator.comparing(Alert::state)
                .thenComparing(alert -> alert.type().severity())
                .thenComparing(Comparator.comparingLong(Alerts::firedMillis).reversed())
                .thenComparing(Alert::id))
        .toList();
  }

  private static boolean isTold(Alert alert) {
    return alert.state() != Alert.State.PENDING;
  }

  private static long firedMillis(Alert alert) {
    Long at = alert.times().firedMillis();
    return at == null ? 0 : at;
  }

  /// A person has taken note of it: it is shown as such until it fires anew.
  Alerts acknowledged(Alert alert) {
    return with(
        alert.handled(
            new Alert.Handling(
                alert.handling().announced(), true, alert.handling().silencedUntilMillis())));
  }

  /// Nobody is told of it until then (null: silence ends). When it fires still, that is told at the
  /// end.
  Alerts silenced(Alert alert, @Nullable Long untilMillis) {
    return with(
        alert.handled(
            new Alert.Handling(
                alert.handling().announced(), alert.handling().acknowledged(), untilMillis)));
  }

  private Alerts with(Alert alert) {
    var changed = new LinkedHashMap<>(byId);
    changed.put(alert.id(), alert);
    return new Alerts(changed);
  }

  /// Signals of types that have too many subjects, with the surplus of each folded into one.
  private record Surplus(Alerts before, Judgement judgement) {
    Map<String, Signal> folded() {
      var kept = new LinkedHashMap<String, Signal>();
      var told = new EnumMap<AlertType, Integer>(AlertType.class);
      Collection<Alert> known = before.byId().values();
      for (Alert alert : known) {
        Signal signal = judgement.said().get(alert.id());
        if (alert.state() == Alert.State.CLEARED && !isStillTold(alert, signal)) {
          continue; // one that is bad again has to find room like a new one
        }
        // What fires counts, whatever is said of it now: there must be room for all of them.
        told.merge(alert.type(), 1, Integer::sum);
        if (signal != null) {
          kept.put(alert.id(), signal);
        }
      }
      var folded = new EnumMap<AlertType, List<Signal>>(AlertType.class);
      // Of events the oldest find room first (ids of recoveries are in the order of time), so that
      // the newest is among the rest for as long as there is one.
      judgement.said().entrySet().stream()
          .sorted(Comparator.comparing(entry -> entry.getValue().cause()))
          .forEach(entry -> {
            String id = entry.getKey();
            Signal signal = entry.getValue();
            if (kept.containsKey(id)) {
              return;
            }
            boolean bad = signal.verdict() == Verdict.BAD;
            if (bad && told.merge(signal.type(), 1, Integer::sum) > PER_TYPE) {
              folded.computeIfAbsent(signal.type(), _ -> new ArrayList<>()).add(signal);
            } else {
              kept.put(id, signal);
            }
          });
      folded.forEach((type, rest) -> {
        Signal others = others(type, rest);
        kept.put(Alert.idOf(type, others.subject()), others);
      });
      return kept;
    }

    /// True for an event that somebody has acknowledged and that is still told of: it has to be
    /// remembered, or it would fire once more.
    private static boolean isStillTold(Alert alert, @Nullable Signal signal) {
      return alert.type().isEvent()
          && signal != null
          && signal.verdict() == Verdict.BAD
          && signal.cause().equals(alert.seen().cause());
    }

    /// The newest of events is the cause of all, so that each that joins them fires anew.
    private static Signal others(AlertType type, List<Signal> rest) {
      return new Signal(
          type,
          Subject.OTHERS,
          Verdict.BAD,
          rest.getLast().cause(),
          "the same holds for " + rest.size() + " more; the first: " + rest.getFirst().message(),
          (double) rest.size(),
          0.0);
    }
  }
}
