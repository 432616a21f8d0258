package dev.planaria.engine.integrity;

/// How bad a finding is (specification, section 3.1).
public enum Severity {
  /// Values out of bounds; nothing is lost.
  LOW,
  /// Parts contradict each other.
  MEDIUM,
  /// Bytes are not what was written.
  HIGH
}
