package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.integrity.Finding;
import dev.planaria.engine.recovery.CrashEvent;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRun;
import dev.planaria.engine.state.SessionId;

/// What an engine tells whoever embeds it, as it happens ([EngineEnvironment#listener]). There may
/// be more kinds in a later version: who listens for some of them lets the others pass.
public sealed interface EngineEvent {

  /// A session serves again after a crash or after damage. The record says what it lost, if
  /// anything, and what was done. Told before anybody is served by the session.
  record SessionRecovered(RecoveryRecord record) implements EngineEvent {}

  /// A session can be read and not written: the record says why. Told at every attempt to bring it
  /// back that fails.
  record SessionQuarantined(RecoveryRecord record) implements EngineEvent {}

  /// A process died or hung, and sessions were active: they are recovered from here on. Told before
  /// the first session is.
  ///
  /// @param crash what had happened
  /// @param sessions how many wait for their turn
  record RecoveryBegun(CrashEvent crash, int sessions) implements EngineEvent {}

  /// Stored data are not what was written, or a state breaks its rules. Told once, when it is
  /// found; what is done about it is told by the other events.
  record DamageFound(Finding finding) implements EngineEvent {}

  /// A checkpoint was taken, read back, and can be relied on.
  ///
  /// @param info the checkpoint
  /// @param tookMicros how long it took, in microseconds
  record CheckpointTaken(CheckpointInfo info, long tookMicros) implements EngineEvent {}

  /// A checkpoint could not be taken. The session serves on, and its journal holds everything; the
  /// next round tries again.
  ///
  /// @param session of which
  /// @param reason in a sentence
  record CheckpointFailed(SessionId session, String reason) implements EngineEvent {}

  /// Every session that was active at the crash has had its turn.
  record RecoveryFinished(RecoveryRun run) implements EngineEvent {}
}
