package dev.planaria.engine.state;

import org.jspecify.annotations.Nullable;

/// A copy of a call in which some things differ; what is not named stays. Not thread-safe.
final class CallEdit {

  private final Call before;
  private @Nullable String params;
  private CallStatus status;
  private int attempts;
  private long acceptedAtMillis;
  private @Nullable Long expiresAtMillis;
  private @Nullable String outcome;
  private @Nullable String reason;
  private boolean replayable;

  CallEdit(Call before) {
    this.before = before;
    this.params = before.params();
    this.status = before.status();
    this.attempts = before.attempts();
    this.acceptedAtMillis = before.acceptedAtMillis();
    this.expiresAtMillis = before.expiresAtMillis();
    this.outcome = before.outcome();
    this.reason = before.reason();
    this.replayable = before.replayable();
  }

  CallEdit status(CallStatus value) {
    status = value;
    return this;
  }

  CallEdit params(@Nullable String value) {
    params = value;
    return this;
  }

  CallEdit attempts(int value) {
    attempts = value;
    return this;
  }

  CallEdit acceptedAt(long millis) {
    acceptedAtMillis = millis;
    return this;
  }

  CallEdit expiresAt(@Nullable Long millis) {
    expiresAtMillis = millis;
    return this;
  }

  CallEdit outcome(@Nullable String value) {
    outcome = value;
    return this;
  }

  CallEdit reason(@Nullable String value) {
    reason = value;
    return this;
  }

  CallEdit replayable(boolean value) {
    replayable = value;
    return this;
  }

  /// The call as it is from that time on.
  Call at(long nowMillis) {
    return new Call(
        before.id(),
        before.connectionId(),
        before.method(),
        before.target(),
        before.callClass(),
        params,
        before.argumentsDigest(),
        status,
        before.order(),
        attempts,
        acceptedAtMillis,
        nowMillis,
        expiresAtMillis,
        outcome,
        reason,
        replayable);
  }
}
