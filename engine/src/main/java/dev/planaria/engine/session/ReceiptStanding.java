package dev.planaria.engine.session;

/// What a session says of a receipt that it is shown.
public enum ReceiptStanding {
  /// The session holds that very operation.
  HELD,
  /// The session's head is before that seq: something acknowledged is missing.
  BEHIND,
  /// The session holds another operation at that seq.
  FORKED
}
