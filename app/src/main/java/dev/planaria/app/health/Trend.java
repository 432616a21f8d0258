package dev.planaria.app.health;

/// Where something goes, compared with a while ago.
public enum Trend {
  BETTER,
  STEADY,
  WORSE,
  /// Nobody looked a while ago.
  UNKNOWN
}
