package dev.planaria.engine.state;

/// How urgent a task is; a claim without a task id takes the most urgent one first.
public enum Priority {
  LOW,
  MEDIUM,
  HIGH,
  CRITICAL
}
