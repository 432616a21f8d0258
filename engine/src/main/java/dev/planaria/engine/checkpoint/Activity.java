package dev.planaria.engine.checkpoint;

/// How much is going on in a session.
public enum Activity {
  LOW,
  /// Also when it was not watched for long enough to say.
  MEDIUM,
  HIGH
}
