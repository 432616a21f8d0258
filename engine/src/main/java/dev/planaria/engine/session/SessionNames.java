package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.OperationKey;

/// Rules for the names of sessions. A name is an opaque key: it is never part of a file name or a
/// statement.
final class SessionNames {

  private SessionNames() {}

  /// The name of a session that was given none.
  ///
  /// @param kind what the name begins with
  static String generated(String kind, Caller caller) {
    OperationKey key = OperationKey.of(caller.principal(), String.valueOf(caller.operationId()));
    return String.format("%s-%012x", kind, key.high() & 0xffff_ffff_ffffL);
  }
}
