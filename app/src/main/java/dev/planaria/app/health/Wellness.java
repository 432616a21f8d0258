package dev.planaria.app.health;

/// How well something is, worst last.
public enum Wellness {
  OK,
  /// Nobody can tell, which is no reason to be at ease.
  UNKNOWN,
  WARN,
  FAIL
}
