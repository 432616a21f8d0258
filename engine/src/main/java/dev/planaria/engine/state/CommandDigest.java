package dev.planaria.engine.state;

import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.json.JsonWriter;
import dev.planaria.engine.json.WireName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells whether two commands ask for the same. The digest is a hash over one canonical text per
/// command: its type first, then what was given, by name, in a fixed order; what was not given is
/// absent, and so differs from what is empty or JSON `null`. Numbers count by their text, members
/// of objects in any order. Pure and thread-safe.
public final class CommandDigest {

  private CommandDigest() {}

  /// The text that is digested, as UTF-8.
  public static byte[] canonical(Command command) {
    var out = new JsonWriter();
    write(command, out);
    return out.toBytes();
  }

  /// Writes the text that is digested.
  public static void write(Command command, JsonWriter out) {
    out.beginObject();
    switch (command) {
      case Command.ConfigureSwarm c -> {
        constant(out.field("type", "configure_swarm"), "topology", c.topology());
        number(out, "max_agents", c.maxAgents());
        out.field("strategy", c.strategy());
      }
      case Command.CloseSession c -> out.field("type", "close_session").field("reason", c.reason());
      case Command.SpawnAgent c -> spawnAgent(out, c);
      case Command.UpdateAgent c -> updateAgent(out, c);
      case Command.HeartbeatAgent c ->
          out.field("type", "heartbeat_agent").field("agent_id", c.agentId());
      case Command.RetireAgent c ->
          out.field("type", "retire_agent").field("agent_id", c.agentId());
      case Command.CreateTask c -> createTask(out, c);
      case Command.OrchestrateTask c -> {
        out.field("type", "orchestrate_task").field("description", c.description());
        out.field("strategy", c.strategy());
        constant(out, "priority", c.priority());
        number(out, "max_agents", c.maxAgents());
      }
      case Command.ClaimTask c -> {
        out.field("type", "claim_task").field("agent_id", c.agentId());
        out.field("task_id", c.taskId());
        number(out, "lease_ms", c.leaseMillis());
      }
      case Command.UpdateTask c -> {
        held(out.field("type", "update_task"), c.taskId(), c.leaseToken());
        number(out, "progress", c.progressPercent());
        value(out, "metadata", c.metadata());
      }
      case Command.CompleteTask c -> {
        held(out.field("type", "complete_task"), c.taskId(), c.leaseToken());
        value(out, "result", c.result());
      }
      case Command.FailTask c -> {
        held(out.field("type", "fail_task"), c.taskId(), c.leaseToken());
        out.field("error", c.error());
      }
      case Command.StoreMemory c -> {
        RecordWriter.memoryKey(out.field("type", "store_memory").name("key"), c.key());
        value(out, "value", c.value());
        number(out, "ttl_ms", c.ttlMillis());
        number(out, "if_version", c.ifVersion());
      }
      case Command.DeleteMemory c ->
          RecordWriter.memoryKey(out.field("type", "delete_memory").name("key"), c.key());
      case Command.PutConnection c -> connection(out, c.connection());
      case Command.RemoveConnection c ->
          out.field("type", "remove_connection").field("connection_id", c.connectionId());
      case Command.AcceptCall c -> acceptCall(out, c);
      case Command.MoveCall c -> {
        callId(out.field("type", "move_call"), c.id());
        out.field("to", WireName.of(c.to())).field("outcome", c.outcome());
        out.field("reason", c.reason());
      }
      case Command.UnsendCall c -> {
        callId(out.field("type", "unsend_call"), c.id());
        out.field("reason", c.reason());
      }
      case Command.RetryCall c -> callId(out.field("type", "retry_call"), c.id());
      case Command.ForgetCall c -> callId(out.field("type", "forget_call"), c.id());
      case Command.DropReplay c -> dropReplay(out, c);
      case Command.RestoreSession c ->
          out.field("type", "restore_session")
              .field("to_seq", c.toSeq())
              .field("checkpoint_id", c.checkpointId());
      case Command.Sweep _ -> out.field("type", "sweep");
      case Command.ResumeAfterCrash c ->
          out.field("type", "resume_after_crash").field("recovery_id", c.recoveryId());
    }
    out.endObject();
  }

  private static void spawnAgent(JsonWriter out, Command.SpawnAgent c) {
    out.field("type", "spawn_agent").field("agent_type", c.type()).field("name", c.name());
    texts(out, "capabilities", c.capabilities());
    value(out, "metadata", c.metadata());
  }

  private static void updateAgent(JsonWriter out, Command.UpdateAgent c) {
    out.field("type", "update_agent").field("agent_id", c.agentId()).field("name", c.name());
    constant(out, "status", c.status());
    texts(out, "capabilities", c.capabilities());
    value(out, "metadata", c.metadata());
  }

  private static void createTask(JsonWriter out, Command.CreateTask c) {
    out.field("type", "create_task").field("description", c.description());
    constant(out, "priority", c.priority());
    texts(out, "depends_on", c.dependsOn());
    out.field("assignee", c.assignee());
    number(out, "max_attempts", c.maxAttempts());
    value(out, "metadata", c.metadata());
  }

  private static void connection(JsonWriter out, Connection connection) {
    out.field("type", "put_connection").field("connection_id", connection.id());
    constant(out, "transport", connection.transport());
    constant(out, "era", connection.era());
    constant(out, "status", connection.status());
    value(out, "capabilities", connection.capabilities());
    out.field("consecutive_failures", connection.consecutiveFailures())
        .field("last_heartbeat_ms", connection.lastHeartbeatMillis())
        .field("updated_at_ms", connection.updatedAtMillis());
    Connection.Standing standing = connection.standing();
    out.field("reason", standing.reason())
        .field("since_ms", standing.sinceMillis())
        .field("attempts", standing.attempts());
    number(out, "next_attempt_ms", standing.nextAttemptMillis());
    number(out, "offline_since_ms", standing.offlineSinceMillis());
    number(out, "lost_since_ms", standing.lostSinceMillis());
    Connection.Memory memory = connection.memory();
    out.field("upstream_session", memory.session());
    value(out, "bindings", memory.bindings());
    out.field("replay_incomplete", memory.replayIncomplete())
        .field("losses", memory.losses())
        .field("losses_announced", memory.lossesAnnounced());
  }

  private static void acceptCall(JsonWriter out, Command.AcceptCall c) {
    callId(out.field("type", "accept_call"), c.id());
    out.field("connection_id", c.connectionId())
        .field("method", c.method())
        .field("target", c.target());
    // Class, replay and queueing are found out, not asked for: they may differ when it is repeated.
    out.field("params", c.params()).field("arguments_digest", c.argumentsDigest());
  }

  private static void dropReplay(JsonWriter out, Command.DropReplay c) {
    out.field("type", "drop_replay").field("connection_id", c.connectionId());
    if (c.calls() != null) {
      out.name("calls").beginArray();
      c.calls().forEach(id -> CallCodec.id(out, id));
      out.endArray();
    }
  }

  private static void callId(JsonWriter out, CallId id) {
    CallCodec.id(out.name("call"), id);
  }

  private static void held(JsonWriter out, String taskId, String leaseToken) {
    out.field("task_id", taskId).field("lease_token", leaseToken);
  }

  private static void constant(JsonWriter out, String name, @Nullable Enum<?> constant) {
    out.field(name, constant == null ? null : WireName.of(constant));
  }

  private static void number(JsonWriter out, String name, @Nullable Number number) {
    if (number != null) {
      out.field(name, number.longValue());
    }
  }

  private static void value(JsonWriter out, String name, @Nullable JsonValue value) {
    if (value != null) {
      out.name(name).canonicalValue(value);
    }
  }

  private static void texts(JsonWriter out, String name, @Nullable List<String> texts) {
    if (texts != null) {
      out.name(name).beginArray();
      texts.forEach(out::text);
      out.endArray();
    }
  }
}
