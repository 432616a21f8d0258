package dev.planaria.app.gateway.clients;

import dev.planaria.app.tools.ToolResult;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRun;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.state.SessionId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Tells each client once what a recovery that this process made has changed for it. Best effort: a
/// client that nobody told can ask `recovery_status`. Thread-safe.
final class RecoveryNotices {
  private static final String RECOVERED = "dev.planaria/recovered";

  /// So many clients and sessions are kept apart; beyond that the longest forgotten is told again.
  private static final int REMEMBERED = 10_000;

  private final SessionEngine engine;
  private final long bootMillis;

  /// This process's own run, if it made one, once nothing more can happen to it.
  private record Settled(Optional<RecoveryRun> run) {}

  /// Null for as long as it is not known.
  private volatile @Nullable Settled settled;

  private final Map<String, Boolean> told =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };

  /// @param bootMillis when this process began, Unix time; earlier recoveries were told by others
  RecoveryNotices(SessionEngine engine, long bootMillis) {
    this.engine = engine;
    this.bootMillis = bootMillis;
  }

  /// Adds the notice to a result, if its reader was not told yet.
  ///
  /// @param audience a link or a principal
  ToolResult tell(String audience, ToolResult result) {
    SessionId session = result.session();
    if (session == null || ownRun().isEmpty() || !isFirst(audience + " " + session)) {
      return result;
    }
    Optional<RecoveryRecord> latest =
        engine.recoveries(session, 1).stream()
            .filter(record -> record.finishedAtMillis() >= bootMillis)
            .findFirst();
    if (latest.isEmpty()) {
      return result;
    }
    RecoveryRecord record = latest.get();
    ToolResult noted = result.withMeta(RECOVERED, summary(record));
    return record.operationsLost() == 0
        ? noted
        : noted.withNotice(
            "NOTE: this session was recovered after a failure and lost "
                + record.operationsLost()
                + " acknowledged operations; recovery_history says which parts are affected. Check"
                + " before you rely on what was there.");
  }

  private static JsonObject summary(RecoveryRecord record) {
    return JsonObject.builder()
        .put("recovery_id", record.recoveryId())
        .put("failure", record.failure().name())
        .put("strategy", record.strategy().name())
        .put("success", record.success())
        .put("operations_replayed", record.operationsReplayed())
        .put("operations_lost", record.operationsLost())
        .build();
  }

  /// What a listening client is to be told of this process's own recovery run, once it is finished.
  Optional<RecoveryRun> runFor(String audience) {
    return ownRun()
        .filter(RecoveryRun::finished)
        .filter(run -> isFirst(audience + " run " + run.recoveryId()));
  }

  /// The run of recoveries that this process makes; asked of the store until it is finished, since
  /// there is never another.
  private Optional<RecoveryRun> ownRun() {
    Settled known = settled;
    if (known != null) {
      return known.run();
    }
    Optional<RecoveryRun> run =
        engine.recoveryRuns(1).stream()
            .filter(last -> last.crash().detectedAtMillis() + last.totalTimeMillis() >= bootMillis)
            .findFirst();
    if (run.isEmpty() || run.get().finished()) {
      settled = new Settled(run);
    }
    return run;
  }

  private boolean isFirst(String key) {
    synchronized (told) {
      return told.put(key, true) == null;
    }
  }
}
