package dev.planaria.engine.state;

import java.util.EnumSet;
import java.util.Set;

/// Where a call stands. [#next] is the one table of legal moves.
public enum CallStatus {
  /// Written down; not a byte of it was sent.
  ACCEPTED,
  /// Waits for its upstream; not a byte of it is on its way.
  QUEUED,
  /// May have been sent, in part or whole.
  SENT,
  /// Its upstream answered with a result.
  COMPLETED,
  /// Its upstream answered with an error, or is known never to have run it.
  FAILED,
  /// It may have run or not, and nobody can say.
  UNKNOWN,
  /// It waited for too long, and was never run.
  EXPIRED,
  /// It was taken back before it was sent.
  CANCELLED;

  /// What it may become. Of these, `SENT` to `QUEUED` is for calls that may repeat
  /// ([CallClass#mayRepeat]) or of which it is certain that nothing was run, and `UNKNOWN` to
  /// `QUEUED` only ever happens by hand. What waits can become `UNKNOWN` in one way alone, which is
  /// no move: by the loss of operations.
  public Set<CallStatus> next() {
    return switch (this) {
      case ACCEPTED -> EnumSet.of(QUEUED, SENT, CANCELLED, EXPIRED);
      case QUEUED -> EnumSet.of(SENT, CANCELLED, EXPIRED);
      case SENT -> EnumSet.of(COMPLETED, FAILED, UNKNOWN, QUEUED);
      case UNKNOWN -> EnumSet.of(COMPLETED, FAILED, QUEUED);
      case COMPLETED, FAILED, EXPIRED, CANCELLED -> EnumSet.noneOf(CallStatus.class);
    };
  }

  /// True while somebody still has to do something about it: it waits, or it runs.
  public boolean isOpen() {
    return this == ACCEPTED || this == QUEUED || this == SENT;
  }

  /// True when it waits to be sent.
  public boolean isWaiting() {
    return this == ACCEPTED || this == QUEUED;
  }
}
