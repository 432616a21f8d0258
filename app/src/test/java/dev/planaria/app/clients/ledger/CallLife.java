package dev.planaria.app.clients.ledger;

import dev.planaria.chaos.ledger.Line;
import org.jspecify.annotations.Nullable;

/// What became of one call, as its client saw it: the ledger's line, and what only a real client
/// knows. Times are in microseconds of Unix time.
///
/// @param line the call in the ledger
/// @param primedAtMicros when the client first held an event id for it, or null
/// @param failedAtMicros when its own promise was rejected, or null
/// @param acknowledged what its client was told beside the receipt, or null
public record CallLife(
    Line line,
    @Nullable Long primedAtMicros,
    @Nullable Long failedAtMicros,
    ClientEvent.@Nullable Acknowledged acknowledged) {

  /// A call that has just been sent.
  static CallLife of(Line line) {
    return new CallLife(line, null, null, null);
  }

  /// The call's name.
  public String name() {
    return line.ask().operationId();
  }

  /// When it was sent for the first time.
  public long sentAtMicros() {
    return Transcript.micros(line.sentAtNanos());
  }

  /// When its receipt came; only of an acknowledged one.
  public long acknowledgedAtMicros() {
    return Transcript.micros(line.endedAtNanos());
  }

  /// True when the very promise of the first sending brought the receipt.
  public boolean kept() {
    return line.isAcknowledged() && line.attempts() == 1;
  }

  /// True when it took a repeat to get the receipt.
  public boolean keptByRepeat() {
    return line.isAcknowledged() && line.attempts() > 1;
  }

  /// True when the first promise was still open at that moment.
  public boolean wasOpenAt(long micros) {
    return sentAtMicros() <= micros && settledAtMicros() > micros;
  }

  /// True when the client could have asked for the answer again at that moment.
  public boolean wasPrimedAt(long micros) {
    return primedAtMicros != null && primedAtMicros <= micros;
  }

  private long settledAtMicros() {
    if (failedAtMicros != null) {
      return failedAtMicros;
    }
    return line.endedAtNanos() == 0 ? Long.MAX_VALUE : Transcript.micros(line.endedAtNanos());
  }

  CallLife with(Line now) {
    return new CallLife(now, primedAtMicros, failedAtMicros, acknowledged);
  }

  CallLife with(ClientEvent.Primed primed) {
    return primedAtMicros != null
        ? this
        : new CallLife(line, primed.atMicros(), failedAtMicros, acknowledged);
  }

  CallLife with(ClientEvent.Failed failed) {
    return new CallLife(line, primedAtMicros, failed.atMicros(), acknowledged);
  }

  CallLife with(ClientEvent.Acknowledged told) {
    return new CallLife(line, primedAtMicros, failedAtMicros, told);
  }
}
