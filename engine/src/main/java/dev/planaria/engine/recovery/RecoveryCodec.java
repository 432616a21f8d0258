package dev.planaria.engine.recovery;

import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.recovery.DecisionTable.Priority;
import dev.planaria.engine.state.SessionId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Recovery records as JSON, for the store and for whoever asks.
public final class RecoveryCodec {

  private static final int TEXT = 100_000;

  private RecoveryCodec() {}

  /// A session's record.
  public static JsonObject toJson(RecoveryRecord record) {
    var phases = JsonObject.builder();
    record.phaseMicros().forEach(phases::put);
    var losses = JsonObject.builder();
    record.losses().forEach(losses::put);
    return JsonObject.builder()
        .put("recovery_id", record.recoveryId())
        .put("session_id", record.sessionId().toString())
        .put("session_name", record.sessionName())
        .put("failure", record.failure().name())
        .put("strategy", record.strategy().name())
        .put("success", record.success())
        .put("reason", record.reason())
        .put("failed_at_millis", record.failedAtMillis())
        .put("finished_at_millis", record.finishedAtMillis())
        .put("phase_micros", phases.build())
        .put("checkpoint_id", record.checkpointId())
        .put("operations_replayed", record.operationsReplayed())
        .put("operations_lost", record.operationsLost())
        .put("operations_possibly_lost", record.operationsPossiblyLost())
        .put("checks_run", record.checksRun())
        .put("checks_passed", record.checksPassed())
        .put("data_loss_percent", new JsonNumber(Double.toString(record.dataLossPercent())))
        .put("losses", losses.build())
        .put("operations_lost_estimate", record.operationsLostEstimate())
        .put("findings", JsonArray.ofStrings(record.findings()))
        .put("priority", record.priority().name())
        .put(
            "estimated_millis",
            record.estimatedMillis() == null ? null : JsonNumber.of(record.estimatedMillis()))
        .put("connections", record.connections())
        .put("asked", asked(record.asked()))
        .put(
            "validation",
            record.validation() == null ? null : ValidationCodec.toJson(record.validation()))
        .build();
  }

  /// Reads what [#toJson(RecoveryRecord)] wrote.
  public static RecoveryRecord record(String json) {
    Fields fields = Fields.of(Json.parseObject(json, JsonLimits.DEFAULT));
    List<String> findings = fields.optionalTexts("findings", 10_000, TEXT);
    return new RecoveryRecord(
        fields.requiredText("recovery_id", TEXT),
        SessionId.parse(fields.requiredText("session_id", TEXT)),
        fields.requiredText("session_name", TEXT),
        RecoveryRecord.Failure.valueOf(fields.requiredText("failure", TEXT)),
        RecoveryRecord.Strategy.valueOf(fields.requiredText("strategy", TEXT)),
        Boolean.TRUE.equals(fields.optionalBoolean("success")),
        fields.optionalText("reason", TEXT),
        fields.requiredLong("failed_at_millis", 0, Long.MAX_VALUE),
        fields.requiredLong("finished_at_millis", 0, Long.MAX_VALUE),
        longs(fields.optionalObject("phase_micros")),
        fields.optionalText("checkpoint_id", TEXT),
        fields.requiredLong("operations_replayed", 0, Long.MAX_VALUE),
        fields.requiredLong("operations_lost", 0, Long.MAX_VALUE),
        fields.requiredLong("operations_possibly_lost", 0, Long.MAX_VALUE),
        fields.requiredLong("checks_run", 0, Long.MAX_VALUE),
        fields.requiredLong("checks_passed", 0, Long.MAX_VALUE),
        number(fields.requiredValue("data_loss_percent")),
        longs(fields.optionalObject("losses")),
        fields.requiredLong("operations_lost_estimate", 0, Long.MAX_VALUE),
        findings == null ? List.of() : findings,
        Priority.valueOf(fields.requiredText("priority", TEXT)),
        fields.optionalLong("estimated_millis", 0, Long.MAX_VALUE),
        fields.requiredInt("connections", 0, Integer.MAX_VALUE),
        asked(fields.optionalObject("asked")),
        ValidationCodec.validation(fields.optionalObject("validation")));
  }

  private static @Nullable JsonObject asked(RecoveryRecord.@Nullable Asked asked) {
    return asked == null
        ? null
        : JsonObject.builder()
            .put("principal", asked.principal())
            .put("operation_id", asked.operationId())
            .put("strategy", asked.strategy() == null ? null : asked.strategy().name())
            .build();
  }

  private static RecoveryRecord.@Nullable Asked asked(@Nullable JsonObject object) {
    if (object == null) {
      return null;
    }
    Fields fields = Fields.of(object);
    String strategy = fields.optionalText("strategy", TEXT);
    return new RecoveryRecord.Asked(
        fields.requiredText("principal", TEXT),
        fields.requiredText("operation_id", TEXT),
        strategy == null ? null : RecoveryRecord.Strategy.valueOf(strategy));
  }

  /// A run's record.
  public static JsonObject toJson(RecoveryRun run) {
    return JsonObject.builder()
        .put("recovery_id", run.recoveryId())
        .put("crash", toJson(run.crash()))
        .put("success", run.success())
        .put("finished", run.finished())
        .put("sessions_recovered", run.sessionsRecovered())
        .put("sessions_failed", run.sessionsFailed())
        .put("sessions_waiting", run.sessionsWaiting())
        .put("lost_sessions", JsonArray.ofStrings(run.lostSessions()))
        .put("total_time_millis", run.totalTimeMillis())
        .build();
  }

  /// Reads what [#toJson(RecoveryRun)] wrote.
  public static RecoveryRun run(String json) {
    JsonObject object = Json.parseObject(json, JsonLimits.DEFAULT);
    Fields fields = Fields.of(object);
    List<String> lost = fields.optionalTexts("lost_sessions", 10_000, TEXT);
    return new RecoveryRun(
        fields.requiredText("recovery_id", TEXT),
        crash(object.get("crash") instanceof JsonObject crash ? crash : JsonObject.EMPTY),
        Boolean.TRUE.equals(fields.optionalBoolean("success")),
        Boolean.TRUE.equals(fields.optionalBoolean("finished")),
        fields.requiredInt("sessions_recovered", 0, Integer.MAX_VALUE),
        fields.requiredInt("sessions_failed", 0, Integer.MAX_VALUE),
        fields.requiredInt("sessions_waiting", 0, Integer.MAX_VALUE),
        lost == null ? List.of() : lost,
        fields.requiredLong("total_time_millis", 0, Long.MAX_VALUE));
  }

  /// What the process monitor saw.
  public static JsonObject toJson(CrashEvent crash) {
    return JsonObject.builder()
        .put("type", crash.type().name())
        .put("detected_at_millis", crash.detectedAtMillis())
        .put("failed_at_millis", crash.failedAtMillis())
        .put("last_heartbeat_millis", crash.lastHeartbeatMillis())
        .put("last_known_state", crash.lastKnownState())
        .put("severity", crash.severity().name())
        .build();
  }

  /// Reads what [#toJson(CrashEvent)] wrote. Records of older builds do not say when it failed:
  /// there it counts from the last heartbeat.
  ///
  /// @throws dev.planaria.engine.json.FieldException when a member is missing or wrong
  public static CrashEvent crash(JsonObject object) {
    Fields fields = Fields.of(object);
    long heard = fields.requiredLong("last_heartbeat_millis", 0, Long.MAX_VALUE);
    Long failed = fields.optionalLong("failed_at_millis", 0, Long.MAX_VALUE);
    return new CrashEvent(
        CrashEvent.Type.valueOf(fields.requiredText("type", TEXT)),
        fields.requiredLong("detected_at_millis", 0, Long.MAX_VALUE),
        failed == null ? heard : failed,
        heard,
        fields.requiredText("last_known_state", TEXT),
        CrashEvent.Severity.valueOf(fields.requiredText("severity", TEXT)));
  }

  private static Map<String, Long> longs(@org.jspecify.annotations.Nullable JsonObject object) {
    var longs = new LinkedHashMap<String, Long>();
    if (object != null) {
      object.members().forEach((name, value) -> longs.put(name, (long) number(value)));
    }
    return longs;
  }

  private static double number(JsonValue value) {
    return value instanceof JsonNumber number ? Double.parseDouble(number.text()) : 0;
  }
}
