package dev.planaria.app.alerts;

import java.util.ArrayList;
import java.util.List;

/// A standing that is stepped by a clock in the test's hand, and everything that people were told.
final class VirtualTime {
  static final long TURN_MILLIS = 5_000;

  private final AlertGuarantees guarantees;
  private final List<String> told = new ArrayList<>();
  private Alerts alerts = Alerts.NONE;
  private long nowMillis = Sample.START;

  VirtualTime(AlertGuarantees guarantees) {
    this.guarantees = guarantees;
  }

  VirtualTime() {
    this(AlertGuarantees.ALL);
  }

  /// Turns with these readings until so much time has passed; at least one.
  VirtualTime pass(Readings readings, long millis) {
    long end = nowMillis + millis;
    do {
      turn(readings);
    } while (nowMillis <= end);
    return this;
  }

  VirtualTime turn(Readings readings) {
    Alerts.Step step = alerts.step(Thresholds.DEFAULT, guarantees, readings, nowMillis);
    alerts = step.alerts();
    step.changes().forEach(change -> told.add(change.alert().type() + " " + change.kind()));
    nowMillis += TURN_MILLIS;
    return this;
  }

  /// The same standing, as another process has it.
  void change(Alerts changed) {
    alerts = changed;
  }

  Alerts alerts() {
    return alerts;
  }

  long nowMillis() {
    return nowMillis;
  }

  /// What people were told since this was last asked.
  List<String> told() {
    var since = List.copyOf(told);
    told.clear();
    return since;
  }

  /// The one alert there is.
  Alert only() {
    return alerts.list().getFirst();
  }
}
