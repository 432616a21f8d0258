package dev.planaria.chaos.ledger;

/// A call and what became of it.
///
/// @param ask the call
/// @param sentAtNanos when it was sent for the first time, on the ledger's clock
/// @param attempts how often it was sent under its operation id
/// @param endedAtNanos when the outcome was there; meaningless while it is open
/// @param outcome what became of it
public record Line(Ask ask, long sentAtNanos, int attempts, long endedAtNanos, Outcome outcome) {

  /// True when it was acknowledged.
  public boolean isAcknowledged() {
    return outcome instanceof Outcome.Acknowledged;
  }
}
