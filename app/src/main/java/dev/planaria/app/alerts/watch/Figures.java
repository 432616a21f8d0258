package dev.planaria.app.alerts.watch;

import dev.planaria.app.alerts.Readings;

/// Who knows the figures over windows. Thread-safe.
public interface Figures {
  /// The figures as they are now; one that nobody can tell is null.
  ///
  /// @param nowMillis Unix time
  Readings.Kpis kpis(long nowMillis);
}
