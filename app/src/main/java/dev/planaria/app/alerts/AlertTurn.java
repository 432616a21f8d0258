package dev.planaria.app.alerts;

import dev.planaria.app.alerts.Alert.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One step of each alert; collects what people are told.
///
/// | | bad | between | good | unknown |
/// |---|---|---|---|---|
/// | pending, cleared | fires, once it was bad for long enough | not bad any more | the same | stays |
/// | firing | goes on; an event of another cause fires anew | goes on | clears, once it was good for long enough | goes on |
///
/// An event that somebody has acknowledged clears, and its cause never fires it again. Not
/// thread-safe.
final class AlertTurn {
  private final AlertGuarantees guarantees;
  private final long nowMillis;
  private final List<AlertChange> changes = new ArrayList<>();

  AlertTurn(AlertGuarantees guarantees, long nowMillis) {
    this.guarantees = guarantees;
    this.nowMillis = nowMillis;
  }

  List<AlertChange> changes() {
    return changes;
  }

  /// The alert after this step; nothing when there is nothing to remember of it.
  Optional<Alert> next(Alert alert, Signal signal) {
    return (alert.isFiring() ? firing(alert, signal) : quiet(alert, signal)).map(this::told);
  }

  private Optional<Alert> quiet(Alert alert, Signal signal) {
    return switch (signal.verdict()) {
      case BAD -> Optional.of(bad(alert, signal));
      case BETWEEN, GOOD ->
          alert.state() == Alert.State.PENDING
              ? Optional.empty()
              : Optional.of(alert.at(badSince(alert.times(), null)));
      case UNKNOWN -> Optional.of(alert);
    };
  }

  private Alert bad(Alert alert, Signal signal) {
    boolean repeated =
        alert.type().isEvent()
            && alert.state() == Alert.State.CLEARED
            && alert.seen().cause().equals(signal.cause());
    if (repeated && guarantees.oncePerCause()) {
      return alert;
    }
    Long since = alert.state() == Alert.State.CLEARED ? pendingSince(alert) : firstBad(alert);
    Long known = signal.sinceMillis();
    long noticed = since == null ? nowMillis : since;
    long begun = known == null ? noticed : Math.min(known, noticed);
    long badSince = Math.min(begun, nowMillis);
    return nowMillis - badSince >= fireAfterMillis(alert)
        ? alert.fired(signal, badSince, nowMillis)
        : alert.at(badSince(alert.times(), badSince));
  }

  private static @Nullable Long firstBad(Alert alert) {
    return alert.times().badSinceMillis();
  }

  /// Since when one that has cleared is bad again: what it has of the time before does not count.
  private static @Nullable Long pendingSince(Alert alert) {
    Long since = alert.times().badSinceMillis();
    Long cleared = alert.times().clearedMillis();
    return since == null || (cleared != null && since < cleared) ? null : since;
  }

  private static Times badSince(Times times, @Nullable Long badSinceMillis) {
    return new Times(
        badSinceMillis, times.lastMillis(), null, times.firedMillis(), times.clearedMillis());
  }

  private Optional<Alert> firing(Alert alert, Signal signal) {
    Times times = alert.times();
    return Optional.of(
        switch (signal.verdict()) {
          case BAD -> stillBad(alert, signal);
          case BETWEEN ->
              guarantees.hysteresis() ? alert.at(goodSince(times, null)) : alert.cleared(nowMillis);
          case GOOD -> {
            Long good = times.goodSinceMillis();
            long since = good == null ? nowMillis : Math.min(good, nowMillis);
            yield nowMillis - since >= clearAfterMillis(alert)
                ? alert.cleared(nowMillis)
                : alert.at(goodSince(times, since));
          }
          case UNKNOWN -> alert.at(goodSince(times, null));
        });
  }

  private static Times goodSince(Times times, @Nullable Long goodSinceMillis) {
    return new Times(
        times.badSinceMillis(), times.lastMillis(), goodSinceMillis, times.firedMillis(), null);
  }

  private Alert stillBad(Alert alert, Signal signal) {
    boolean another = alert.type().isEvent() && !alert.seen().cause().equals(signal.cause());
    if (another || !guarantees.oncePerCause()) {
      return alert.fired(signal, nowMillis, nowMillis);
    }
    if (alert.type().isEvent() && alert.handling().acknowledged()) {
      return alert.cleared(nowMillis);
    }
    Times times = alert.times();
    return alert
        .seeing(signal)
        .at(new Times(times.badSinceMillis(), nowMillis, null, times.firedMillis(), null));
  }

  private long fireAfterMillis(Alert alert) {
    return guarantees.hysteresis() ? alert.type().fireAfterMillis() : 0;
  }

  private long clearAfterMillis(Alert alert) {
    return guarantees.hysteresis() ? alert.type().clearAfterMillis() : 0;
  }

  /// Tells of an alert that fires and is not silenced, and of the end of one that was told.
  private Alert told(Alert alert) {
    Alert.Handling handling = alert.handling();
    boolean begin = alert.isFiring() && !handling.announced() && !handling.isSilenced(nowMillis);
    boolean end = alert.state() == Alert.State.CLEARED && handling.announced();
    if (!begin && !end) {
      return alert;
    }
    Alert after =
        alert.handled(
            new Alert.Handling(begin, handling.acknowledged(), handling.silencedUntilMillis()));
    changes.add(new AlertChange(begin ? AlertChange.Kind.FIRED : AlertChange.Kind.CLEARED, after));
    return after;
  }
}
