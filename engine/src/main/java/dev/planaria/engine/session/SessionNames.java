package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.OperationKey;

/// Rules for the names of sessions. A name is an opaque key: it is never part of a file name or a
/// statement.
final class SessionNames {

  private SessionNames() {}

  /// The name of a session that was given none.
  static String generated(Caller caller) {
    OperationKey key = OperationKey.of(caller.principal(), String.valueOf(caller.operationId()));
    return String.format("session-%012x", key.high() & 0xffff_ffff_ffffL);
  }
}
