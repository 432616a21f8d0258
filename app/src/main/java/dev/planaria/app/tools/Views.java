package dev.planaria.app.tools;

import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.integrity.StateIntegrityValidator.Check;
import dev.planaria.engine.integrity.StateIntegrityValidator.Validation;
import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.json.WireName;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRun;
import dev.planaria.engine.session.SessionSummary;
import dev.planaria.engine.state.Agent;
import dev.planaria.engine.state.Call;
import dev.planaria.engine.state.Connection;
import dev.planaria.engine.state.MemoryEntry;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.state.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The engine's records as callers see them: JSON objects with snake_case names, times in ISO 8601.
/// Lease tokens are never among them.
public final class Views {
  /// Of what is missing or different so many are named; the counts tell the rest.
  private static final int MOST_IDS = 20;

  private Views() {}

  /// A time, or null.
  static @Nullable JsonValue time(@Nullable Long millis) {
    return millis == null ? null : new JsonString(Instant.ofEpochMilli(millis).toString());
  }

  /// A receipt.
  public static JsonObject receipt(Receipt receipt) {
    return JsonObject.builder()
        .put("session_id", receipt.sessionId().toString())
        .put("seq", receipt.seq())
        .put("hash", receipt.hash().toString())
        .build();
  }

  /// A session without what is in it.
  static JsonObject.Builder session(SessionState state) {
    return JsonObject.builder()
        .put("session_id", state.id().toString())
        .put("name", state.name())
        .put("status", WireName.of(state.status()))
        .put("parent_session_id", state.parent() == null ? null : state.parent().toString());
  }

  /// A line in a list of sessions.
  public static JsonObject summary(SessionSummary summary) {
    return JsonObject.builder()
        .put("session_id", summary.id().toString())
        .put("name", summary.name())
        .put("status", WireName.of(summary.status()))
        .put("created_at", time(summary.createdAtMillis()))
        .put("seq", summary.seq())
        .build();
  }

  /// How many of what a session holds.
  static JsonObject counts(SessionState state) {
    return JsonObject.builder()
        .put("agents", state.agents().size())
        .put("tasks", state.tasks().size())
        .put("connections", state.connections().size())
        .put("memory", state.memory().size())
        .build();
  }

  /// A swarm's configuration.
  static JsonObject configuration(SwarmConfiguration configuration) {
    return JsonObject.builder()
        .put("topology", WireName.of(configuration.topology()))
        .put("max_agents", configuration.maxAgents())
        .put("strategy", configuration.strategy())
        .put("extra", configuration.extra().members().isEmpty() ? null : configuration.extra())
        .build();
  }

  /// An agent.
  public static JsonObject agent(Agent agent) {
    return JsonObject.builder()
        .put("agent_id", agent.id())
        .put("type", agent.type())
        .put("name", agent.name())
        .put("status", WireName.of(agent.status()))
        .put("capabilities", JsonArray.ofStrings(agent.capabilities()))
        .put("current_task", agent.currentTask())
        .put("last_heartbeat_at", time(agent.lastHeartbeatMillis()))
        .put("metadata", agent.metadata())
        .put("created_at", time(agent.createdAtMillis()))
        .put("updated_at", time(agent.updatedAtMillis()))
        .build();
  }

  /// A task, with the end of its lease but without the token.
  public static JsonObject task(Task task) {
    return JsonObject.builder()
        .put("task_id", task.id())
        .put("description", task.description())
        .put("priority", WireName.of(task.priority()))
        .put("status", WireName.of(task.status()))
        .put("assignee", task.assignee())
        .put("depends_on", JsonArray.ofStrings(task.dependsOn()))
        .put("progress", task.progressPercent())
        .put("attempts", task.attempts())
        .put("max_attempts", task.maxAttempts())
        .put("lease_expires_at", task.lease() == null ? null : time(task.lease().expiresAtMillis()))
        .put("result", task.result())
        .put("error", task.error())
        .put("metadata", task.metadata())
        .put("created_at", time(task.createdAtMillis()))
        .put("updated_at", time(task.updatedAtMillis()))
        .put("started_at", time(task.startedAtMillis()))
        .put("finished_at", time(task.finishedAtMillis()))
        .build();
  }

  /// A memory entry.
  public static JsonObject memory(MemoryEntry entry) {
    return JsonObject.builder()
        .put("key", entry.key().key())
        .put("namespace", entry.key().namespace())
        .put("value", entry.value())
        .put("version", entry.version())
        .put("updated_at", time(entry.updatedAtMillis()))
        .put("expires_at", time(entry.expiresAtMillis()))
        .build();
  }

  private static @Nullable JsonValue optionalTime(@Nullable Long millis) {
    return millis == null ? null : time(millis);
  }

  /// A call to an upstream server, without its arguments and its outcome.
  public static JsonObject call(Call call) {
    return JsonObject.builder()
        .put("operation_id", call.id().operationId())
        .put("principal", call.id().principal())
        .put("connection", call.connectionId())
        .put("method", call.method())
        .put("target", call.target())
        .put("class", WireName.of(call.callClass()))
        .put("status", WireName.of(call.status()))
        .put("reason", call.reason())
        .put("attempts", call.attempts())
        .put("replayable", call.replayable())
        .put("accepted_at", time(call.acceptedAtMillis()))
        .put("updated_at", time(call.updatedAtMillis()))
        .put("expires_at", optionalTime(call.expiresAtMillis()))
        .build();
  }

  /// A connection to an upstream server.
  public static JsonObject connection(Connection connection) {
    return JsonObject.builder()
        .put("id", connection.id())
        .put("transport", WireName.of(connection.transport()))
        .put("era", WireName.of(connection.era()))
        .put("status", WireName.of(connection.status()))
        .put("reason", connection.standing().reason())
        .put("since", time(connection.standing().sinceMillis()))
        .put("attempts", connection.standing().attempts())
        .put("next_attempt_at", optionalTime(connection.standing().nextAttemptMillis()))
        .put("lost_since", optionalTime(connection.standing().lostSinceMillis()))
        .put("state_losses", connection.memory().losses())
        .put("replay_incomplete", connection.memory().replayIncomplete())
        .put("consecutive_failures", connection.consecutiveFailures())
        .put("last_heartbeat_at", time(connection.lastHeartbeatMillis()))
        .build();
  }

  /// A checkpoint.
  public static JsonObject checkpoint(CheckpointInfo info) {
    return JsonObject.builder()
        .put("checkpoint_id", info.id())
        .put("parent_checkpoint_id", info.parentId())
        .put("created_at", time(info.createdAtMillis()))
        .put("seq", info.seq())
        .put("kind", WireName.of(info.kind()))
        .put("label", info.label())
        .put("bytes", info.bytes())
        .put("verified", info.verified())
        .build();
  }

  /// What became of a session after a crash.
  public static JsonObject recovery(RecoveryRecord record) {
    JsonObject.Builder phases = JsonObject.builder();
    record.phaseMicros().forEach((phase, micros) -> phases.put(phase, micros));
    return JsonObject.builder()
        .put("recovery_id", record.recoveryId())
        .put("session_id", record.sessionId().toString())
        .put("session_name", record.sessionName())
        .put("failure", record.failure().name())
        .put("strategy", record.strategy().name())
        .put("success", record.success())
        .put("reason", record.reason())
        .put("failed_at", time(record.failedAtMillis()))
        .put("finished_at", time(record.finishedAtMillis()))
        .put("phase_micros", phases.build())
        .put("checkpoint_id", record.checkpointId())
        .put("operations_replayed", record.operationsReplayed())
        .put("operations_lost", record.operationsLost())
        .put("integrity_score", decimal(record.integrityScore()))
        .put("data_loss_percent", decimal(record.dataLossPercent()))
        .put("findings", JsonArray.ofStrings(record.findings()))
        .put("priority", record.priority().name())
        .put("losses", counts(record.losses()))
        .put("operations_possibly_lost", record.operationsPossiblyLost())
        .put("operations_lost_estimate", record.operationsLostEstimate())
        .put(
            "estimated_ms",
            record.estimatedMillis() == null ? null : JsonNumber.of(record.estimatedMillis()))
        .put("connections", record.connections())
        .put("validation", record.validation() == null ? null : validation(record.validation()))
        .build();
  }

  private static JsonObject counts(Map<String, Long> counts) {
    JsonObject.Builder object = JsonObject.builder();
    counts.forEach(object::put);
    return object.build();
  }

  private static JsonObject validation(Validation validation) {
    List<JsonValue> checks = new ArrayList<>();
    for (Check check : validation.checks()) {
      checks.add(
          JsonObject.builder()
              .put("component", check.component())
              .put("passed", check.passed())
              .put("expected", check.expected())
              .put("kept", check.kept())
              .put("missing", some(check.missing()))
              .put("changed", some(check.changed()))
              .put("extra", some(check.extra()))
              .build());
    }
    return JsonObject.builder()
        .put("overall_success", validation.overallSuccess())
        .put("data_loss_percent", decimal(validation.dataLossPercent()))
        .put("integrity_score", decimal(validation.integrityScore()))
        .put("checks", new JsonArray(checks))
        .build();
  }

  private static JsonArray some(List<String> ids) {
    return JsonArray.ofStrings(ids.subList(0, Math.min(ids.size(), MOST_IDS)));
  }

  /// All recoveries after one crash.
  public static JsonObject run(RecoveryRun run) {
    return JsonObject.builder()
        .put("recovery_id", run.recoveryId())
        .put("failure", run.crash().type().name())
        .put("severity", run.crash().severity().name())
        .put("failed_at", time(run.crash().failedAtMillis()))
        .put("last_heartbeat_at", time(run.crash().lastHeartbeatMillis()))
        .put("detected_at", time(run.crash().detectedAtMillis()))
        .put("last_known_state", run.crash().lastKnownState())
        .put("finished", run.finished())
        .put("success", run.success())
        .put("sessions_recovered", run.sessionsRecovered())
        .put("sessions_failed", run.sessionsFailed())
        .put("sessions_waiting", run.sessionsWaiting())
        .put("lost_sessions", JsonArray.ofStrings(run.lostSessions()))
        .put("total_time_ms", run.totalTimeMillis())
        .build();
  }

  private static JsonNumber decimal(double value) {
    return new JsonNumber(Double.toString(value));
  }
}
