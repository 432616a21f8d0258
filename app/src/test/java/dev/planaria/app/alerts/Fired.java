package dev.planaria.app.alerts;

import java.util.List;

/// Changes as a standing makes them, for tests of those who are told.
public final class Fired {
  private Fired() {}

  /// An alert of that type fires.
  public static AlertChange once(AlertType type) {
    return Alerts.NONE
        .step(Thresholds.DEFAULT, Sample.bad(type), Sample.START)
        .changes()
        .getFirst();
  }

  /// An alert of that type fires, and clears after that.
  public static List<AlertChange> andCleared(AlertType type) {
    var alerts = Alerts.NONE;
    long now = Sample.START;
    var first = alerts.step(Thresholds.DEFAULT, Sample.bad(type), now);
    var second = first.alerts().step(Thresholds.DEFAULT, Sample.good(), now + 1);
    var third = second.alerts().step(Thresholds.DEFAULT, Sample.good(), now + 3_600_000);
    return List.of(first.changes().getFirst(), third.changes().getFirst());
  }
}
