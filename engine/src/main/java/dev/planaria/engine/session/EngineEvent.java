package dev.planaria.engine.session;

import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRun;

/// What an engine tells whoever embeds it, as it happens ([EngineEnvironment#listener]).
public sealed interface EngineEvent {

  /// A session serves again after a crash or after damage. The record says what it lost, if
  /// anything, and what was done. Told before anybody is served by the session.
  record SessionRecovered(RecoveryRecord record) implements EngineEvent {}

  /// A session can be read and not written: the record says why. Told at every attempt to bring it
  /// back that fails.
  record SessionQuarantined(RecoveryRecord record) implements EngineEvent {}

  /// Every session that was active at the crash has had its turn.
  record RecoveryFinished(RecoveryRun run) implements EngineEvent {}
}
