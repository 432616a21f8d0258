package dev.planaria.app.daemon;

import dev.planaria.app.gateway.wire.Log;
import dev.planaria.engine.integrity.Finding;
import dev.planaria.engine.json.WireName;
import dev.planaria.engine.recovery.CrashEvent;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRun;
import dev.planaria.engine.session.EngineEvent;
import dev.planaria.engine.state.SessionId;
import java.util.function.Consumer;

/// Writes into the log what befalls sessions, a line for each. It is told under the locks of
/// sessions, so its log must be one that waits for no disk. Thread-safe.
final class EventLog implements Consumer<EngineEvent> {

  private final Log log;

  EventLog(Log log) {
    this.log = log;
  }

  @Override
  public void accept(EngineEvent event) {
    switch (event) {
      case EngineEvent.SessionRecovered(RecoveryRecord record) -> recovered(record);
      case EngineEvent.SessionQuarantined(RecoveryRecord record) ->
          about(record)
              .warn(
                  "session " + record.sessionName() + " is quarantined: " + record.reason(), null);
      case EngineEvent.RecoveryFinished(RecoveryRun run) -> finished(run);
      case EngineEvent.RecoveryBegun(CrashEvent crash, int sessions) ->
          log.warn(
              "recovers "
                  + sessions
                  + " sessions after "
                  + WireName.of(crash.type())
                  + " of the process before, which was: "
                  + crash.lastKnownState(),
              null);
      case EngineEvent.DamageFound(Finding finding) ->
          (finding.sessionId() == null ? log : log.with("session_id", finding.sessionId()))
              .with("code", finding.code())
              .warn("damage was found: " + finding.sentence(), null);
      case EngineEvent.CheckpointFailed(SessionId session, String reason) ->
          log.with("session_id", session).warn("a checkpoint was not taken: " + reason, null);
      case EngineEvent.CheckpointTaken _ -> {
        // As it should be, every few seconds; who wants to see each has spans and metrics.
      }
    }
  }

  private Log about(RecoveryRecord record) {
    return log.with("session_id", record.sessionId()).with("recovery_id", record.recoveryId());
  }

  private void recovered(RecoveryRecord record) {
    String done =
        "session "
            + record.sessionName()
            + " is back after "
            + WireName.of(record.failure())
            + " by "
            + WireName.of(record.strategy())
            + ", "
            + record.operationsReplayed()
            + " operations replayed, "
            + (record.finishedAtMillis() - record.failedAtMillis())
            + " ms after the failure";
    if (record.loss().isEmpty()) {
      about(record).info(done);
    } else {
      about(record).warn(done + "; it " + record.loss(), null);
    }
  }

  private void finished(RecoveryRun run) {
    Log about = log.with("recovery_id", run.recoveryId());
    String words =
        "recovery has ended after "
            + run.totalTimeMillis()
            + " ms: "
            + run.sessionsRecovered()
            + " sessions are back, "
            + run.sessionsFailed()
            + " are not";
    if (run.sessionsFailed() == 0 && run.lostSessions().isEmpty()) {
      about.info(words);
    } else {
      about.warn(words + "; lost sessions: " + run.lostSessions(), null);
    }
  }
}
