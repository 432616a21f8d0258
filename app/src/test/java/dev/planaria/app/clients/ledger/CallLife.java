package dev.planaria.app.clients.ledger;

import org.jspecify.annotations.Nullable;

/// What became of one call, as its client saw it.
///
/// @param sent how it began
/// @param primedAtMicros when the client first held an event id for it, or null
/// @param failed how its own promise was rejected, or null
/// @param refused how it was answered without a receipt, or null
/// @param acknowledged its receipt, or null
public record CallLife(
    ClientEvent.Sent sent,
    @Nullable Long primedAtMicros,
    ClientEvent.@Nullable Failed failed,
    ClientEvent.@Nullable Refused refused,
    ClientEvent.@Nullable Acknowledged acknowledged) {

  /// A call that has just been sent.
  static CallLife of(ClientEvent.Sent sent) {
    return new CallLife(sent, null, null, null, null);
  }

  /// The call's name.
  public String name() {
    return sent.call();
  }

  /// True when the very promise of the first sending brought the receipt.
  public boolean kept() {
    return acknowledged != null && acknowledged.attempt() == 1;
  }

  /// True when it took a repeat to get the receipt.
  public boolean keptByRepeat() {
    return acknowledged != null && acknowledged.attempt() > 1;
  }

  /// True when the first promise was still open at that moment.
  public boolean wasOpenAt(long micros) {
    return sent.atMicros() <= micros && settledAtMicros() > micros;
  }

  /// True when the client could have asked for the answer again at that moment.
  public boolean wasPrimedAt(long micros) {
    return primedAtMicros != null && primedAtMicros <= micros;
  }

  /// True when nothing more will become of it.
  ///
  /// @param repeated whether the client repeats calls that have an operation id
  public boolean isOver(boolean repeated) {
    boolean willBeRepeated = repeated && sent.operation() != null;
    return acknowledged != null || refused != null || (failed != null && !willBeRepeated);
  }

  private long settledAtMicros() {
    long settled = Long.MAX_VALUE;
    if (failed != null) {
      settled = Math.min(settled, failed.atMicros());
    }
    if (refused != null) {
      settled = Math.min(settled, refused.atMicros());
    }
    if (acknowledged != null) {
      settled = Math.min(settled, acknowledged.atMicros());
    }
    return settled;
  }

  CallLife with(ClientEvent.Primed primed) {
    return primedAtMicros != null
        ? this
        : new CallLife(sent, primed.atMicros(), failed, refused, acknowledged);
  }

  CallLife with(ClientEvent.Failed failure) {
    return new CallLife(sent, primedAtMicros, failure, refused, acknowledged);
  }

  CallLife with(ClientEvent.Refused refusal) {
    return new CallLife(sent, primedAtMicros, failed, refusal, acknowledged);
  }

  CallLife with(ClientEvent.Acknowledged acknowledgement) {
    return new CallLife(sent, primedAtMicros, failed, refused, acknowledgement);
  }
}
