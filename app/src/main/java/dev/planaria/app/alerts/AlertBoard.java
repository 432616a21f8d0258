package dev.planaria.app.alerts;

import dev.planaria.app.gateway.wire.Log;
import dev.planaria.engine.state.Refusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The standing of this process: takes readings, is asked, is acknowledged and silenced, and keeps
/// its file. A change is on disk before anybody is told, unless the disk takes nothing: then it is
/// told all the same, and written when that works again. What the last process left and cannot be
/// read now is not written over: this one goes on from it as soon as it can be read. Thread-safe.
public final class AlertBoard {
  /// What changes all the time (when something was last seen, its value) is written so often.
  private static final long REFRESH_MILLIS = 60_000;

  private final StandingFile file;
  private final Thresholds thresholds;
  private final LongSupplier nowMillis;
  private final Log log;
  private final List<Consumer<AlertChange>> listeners = new ArrayList<>();
  // All guarded by this, and read without: nobody who looks waits for the disk.
  private volatile Standing standing = Standing.NONE;
  // All guarded by this.
  private Standing written = Standing.NONE;
  private long writtenMillis;
  private @Nullable Set<String> receivers;
  private boolean known;
  private boolean failing;

  /// Reads what the last process left.
  ///
  /// @param listeners told of each change, in the order of changes; each must return soon
  public AlertBoard(
      StandingFile file,
      Thresholds thresholds,
      LongSupplier nowMillis,
      Log log,
      List<Consumer<AlertChange>> listeners) {
    this.file = file;
    this.thresholds = thresholds;
    this.nowMillis = nowMillis;
    this.log = log;
    this.listeners.addAll(listeners);
    this.writtenMillis = nowMillis.getAsLong();
    goOn();
  }

  /// Reads what the last process left, and goes on from there.
  private synchronized void goOn() {
    if (known) {
      return;
    }
    try {
      written = file.read();
      standing = standing.behind(written);
      if (receivers != null) {
        standing = standing.only(receivers);
      }
      known = true;
      failing = false;
    } catch (IOException e) {
      if (!failing) {
        log.warn("the alerts of before cannot be read now; that is tried again", e);
      }
      failing = true;
    }
  }

  /// Goes on with new readings.
  public void take(Readings readings) {
    List<AlertChange> changes;
    synchronized (this) {
      goOn();
      long now = nowMillis.getAsLong();
      Readings complete = readings.crashedAlso(standing.crashesMillis());
      Alerts.Step step = standing.alerts().step(thresholds, complete, now);
      changes = step.changes();
      keep(standing.after(step, receivers == null ? Set.of() : receivers, now));
    }
    changes.forEach(change -> listeners.forEach(listener -> listener.accept(change)));
  }

  /// The worker before this one died.
  ///
  /// @param atMillis when that was noticed, Unix time
  public synchronized void crashed(long atMillis) {
    keep(standing.crashed(atMillis));
  }

  /// All alerts that fire or have fired, what fires first.
  public List<Alert> list() {
    return standing.alerts().list();
  }

  /// A person has taken note of an alert.
  ///
  /// @return the alert as it stands then
  /// @throws Refusal when there is none of that id
  public synchronized Alert acknowledge(String id) {
    keep(standing.with(standing.alerts().acknowledged(existing(id))));
    return existing(id);
  }

  /// Nobody is told of an alert for so long; 0 ends a silence.
  ///
  /// @return the alert as it stands then
  /// @throws Refusal when there is none of that id
  public synchronized Alert silence(String id, long durationMillis) {
    Long until = durationMillis == 0 ? null : (Long) (nowMillis.getAsLong() + durationMillis);
    keep(standing.with(standing.alerts().silenced(existing(id), until)));
    return existing(id);
  }

  private Alert existing(String id) {
    return standing
        .alerts()
        .find(id)
        .orElseThrow(() ->
            new Refusal(
                Refusal.Code.NOT_FOUND, "there is no such alert; planaria alerts names them all"));
  }

  /// From now on these receivers are told of changes; what waits for others is dropped.
  public synchronized void receivers(Set<String> names) {
    Set<String> given = Set.copyOf(names);
    receivers = given;
    keep(standing.only(given));
  }

  /// The next thing that a receiver has yet to be told.
  public Optional<Standing.Delivery> next(String receiver) {
    return standing.outbox().stream()
        .filter(delivery -> delivery.receiver().equals(receiver))
        .findFirst();
  }

  /// That was delivered, or never will be.
  public synchronized void done(Standing.Delivery delivery) {
    keep(standing.without(delivery));
  }

  private void keep(Standing changed) {
    long now = nowMillis.getAsLong();
    standing = changed;
    if (!known) {
      return; // what is on disk would be lost
    }
    boolean due = now - writtenMillis >= REFRESH_MILLIS || now < writtenMillis;
    if (changed.equals(written) || (!due && isAlike(changed, written))) {
      return;
    }
    try {
      file.write(changed);
      written = changed;
      writtenMillis = now;
      failing = false;
    } catch (IOException e) {
      if (!failing) {
        log.warn("the alerts could not be written down; that is tried again", e);
      }
      failing = true;
    }
  }

  /// True when two standings differ in nothing that a restart must not lose.
  private static boolean isAlike(Standing one, Standing other) {
    return one.outbox().equals(other.outbox())
        && one.crashesMillis().equals(other.crashesMillis())
        && essence(one).equals(essence(other));
  }

  private record Essence(
      Alert.State state, int occurrences, Alert.Handling handling, boolean bad) {}

  private static Map<String, Essence> essence(Standing standing) {
    var essence = new HashMap<String, Essence>();
    standing
        .alerts()
        .byId()
        .forEach((id, alert) ->
            essence.put(
                id,
                new Essence(
                    alert.state(),
                    alert.occurrences(),
                    alert.handling(),
                    alert.times().badSinceMillis() != null)));
    return essence;
  }
}
