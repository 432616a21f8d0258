package dev.planaria.app.alerts;

/// How soon somebody should look.
public enum Severity {
  /// Something is lost, or will be: now.
  CRITICAL,
  /// Something does not work as it should: today.
  WARNING,
  /// Good to know.
  INFO
}
