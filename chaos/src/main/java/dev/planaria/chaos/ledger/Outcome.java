package dev.planaria.chaos.ledger;

import dev.planaria.engine.journal.Receipt;

/// What became of a call, as its caller saw it.
public sealed interface Outcome {

  /// Nothing yet.
  record Open() implements Outcome {}

  /// It was acknowledged.
  ///
  /// @param receipt what it was acknowledged with
  record Acknowledged(Receipt receipt) implements Outcome {}

  /// It was refused.
  ///
  /// @param reason in the system's words
  record Refused(String reason) implements Outcome {}

  /// The system said that it cannot tell whether it was done.
  ///
  /// @param reason in the system's words
  record Unknown(String reason) implements Outcome {}

  /// There was no answer by the deadline, though it was asked again and again.
  ///
  /// @param reason what happened the last time
  record Stuck(String reason) implements Outcome {}
}
