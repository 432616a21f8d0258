package dev.planaria.app.traces;

import dev.planaria.engine.json.WireName;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRun;
import dev.planaria.engine.session.EngineEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Makes spans of what the engine tells: a recovery from the failure to the moment in which the
/// session served again, with its phases. Thread-safe.
public final class EngineSpans implements Consumer<EngineEvent> {

  private static final long MICROS = 1_000;

  private final Traces traces;

  /// @param traces where they go
  public EngineSpans(Traces traces) {
    this.traces = traces;
  }

  @Override
  public void accept(EngineEvent event) {
    switch (event) {
      case EngineEvent.SessionRecovered(RecoveryRecord record) -> traces.past(recovery(record));
      case EngineEvent.SessionQuarantined(RecoveryRecord record) -> traces.past(recovery(record));
      case EngineEvent.RecoveryFinished(RecoveryRun run) -> traces.past(whole(run));
    }
  }

  private static Traces.Past whole(RecoveryRun run) {
    long begin = run.crash().detectedAtMillis() * MICROS;
    return new Traces.Past(
        "recovery of all sessions",
        begin,
        begin + run.totalTimeMillis() * MICROS,
        Map.of(
            "planaria.recovery.id",
            run.recoveryId(),
            "planaria.failure",
            WireName.of(run.crash().type()),
            "planaria.sessions.recovered",
            Integer.toString(run.sessionsRecovered()),
            "planaria.sessions.failed",
            Integer.toString(run.sessionsFailed())),
        run.success() ? null : "sessions_not_recovered",
        List.of());
  }

  private static Traces.Past recovery(RecoveryRecord record) {
    long end = record.finishedAtMillis() * MICROS;
    return new Traces.Past(
        "recovery",
        record.failedAtMillis() * MICROS,
        end,
        Map.of(
            "planaria.session.id",
            record.sessionId().toString(),
            "planaria.recovery.id",
            record.recoveryId(),
            "planaria.failure",
            WireName.of(record.failure()),
            "planaria.strategy",
            WireName.of(record.strategy()),
            "planaria.operations.replayed",
            Long.toString(record.operationsReplayed()),
            "planaria.operations.lost",
            Long.toString(record.operationsLost())),
        record.success() ? null : "quarantined",
        phases(record, end));
  }

  /// The phases follow one another up to the end; what is before them was spent on noticing the
  /// failure and starting a process.
  private static List<Traces.Past> phases(RecoveryRecord record, long endMicros) {
    long begin =
        endMicros - record.phaseMicros().values().stream().mapToLong(Long::longValue).sum();
    var phases = new ArrayList<Traces.Past>();
    for (Map.Entry<String, Long> phase : record.phaseMicros().entrySet()) {
      long end = begin + phase.getValue();
      phases.add(
          new Traces.Past("recovery " + phase.getKey(), begin, end, Map.of(), null, List.of()));
      begin = end;
    }
    return phases;
  }
}
