package dev.planaria.engine.state;

/// Where a session stands. Only an `ACTIVE` one accepts commands; `TERMINATED` is final.
public enum SessionStatus {
  INITIALIZING,
  ACTIVE,
  PAUSED,
  RECOVERING,
  QUARANTINED,
  TERMINATING,
  TERMINATED
}
