package dev.planaria.app.tools;

import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.state.AgentStatus;
import dev.planaria.engine.state.Priority;
import dev.planaria.engine.state.SessionStatus;
import dev.planaria.engine.state.TaskStatus;
import dev.planaria.engine.state.Topology;

/// The schemas that several tools share; they describe what [Views] writes.
final class Shapes {
  private Shapes() {}

  /// Arguments of a tool that reads a session.
  static Schema.Members reading() {
    return Schema.members()
        .may(
            "session_id",
            Schema.text(
                "Id or name of the session; left out, it is the session that the URL names, else"
                    + " the session \"default\"",
                256));
  }

  /// Arguments of a tool that changes a session.
  static Schema.Members changing() {
    return reading().may("operation_id", operationId());
  }

  /// The argument that makes a change safe to repeat.
  static JsonObject operationId() {
    return Schema.text(
        "Any unique text. Calling again with the same operation_id and arguments never does it"
            + " twice, it returns the first result",
        128);
  }

  /// Arguments of a tool that lists what a session holds.
  static Schema.Members paging(Schema.Members members) {
    return members
        .may("limit", Schema.whole("How many to return, 50 if left out", 1, Page.MAX_ITEMS))
        .may("cursor", Schema.text("next_cursor of the previous page", Page.MAX_CURSOR));
  }

  /// The result of a change: what `members` says, and the proof.
  static JsonObject acknowledged(Schema.Members members) {
    return members
        .must("receipt", receipt())
        .must("operation_id", Schema.text("What to ask operation_status about"))
        .result();
  }

  /// Proof that an operation is on disk.
  static JsonObject receipt() {
    return Schema.members()
        .must("session_id", Schema.text("The session"))
        .must("seq", Schema.whole("The operation's number in the session", 1))
        .must("hash", Schema.text("The session's chain hash there, hexadecimal"))
        .part("Proof that it is on disk; session_status tells later whether it still is");
  }

  /// A session, as [Views#session] begins it.
  static Schema.Members session() {
    return Schema.members()
        .must("session_id", Schema.text("The session's id"))
        .must("name", Schema.text("The session's name"))
        .must("status", Schema.choice("Where it stands", SessionStatus.class))
        .may("parent_session_id", Schema.text("The session it was opened under"));
  }

  /// A swarm's configuration.
  static JsonObject configuration() {
    return Schema.members()
        .must("topology", Schema.choice("How the agents are arranged", Topology.class))
        .must("max_agents", Schema.whole("How many agents may live at once", 1))
        .must("strategy", Schema.text("How work is to be spread"))
        .may("extra", Schema.anyObject("The caller's own settings"))
        .part("The swarm's configuration");
  }

  /// An agent.
  static JsonObject agent() {
    return Schema.members()
        .must("agent_id", Schema.text("The agent's id"))
        .must("type", Schema.text("What kind of agent it is"))
        .must("name", Schema.text("Its name"))
        .must("status", Schema.choice("What it is doing", AgentStatus.class))
        .must("capabilities", Schema.list("What it can do", Schema.text("One capability")))
        .may("current_task", Schema.text("The task it works on"))
        .must("last_heartbeat_at", time("When it was last heard of"))
        .must("metadata", Schema.anyObject("The caller's own data"))
        .must("created_at", time("When it was spawned"))
        .must("updated_at", time("When it last changed"))
        .part("The agent");
  }

  /// A task.
  static JsonObject task() {
    return Schema.members()
        .must("task_id", Schema.text("The task's id"))
        .must("description", Schema.text("What is to be done"))
        .must("priority", Schema.choice("How urgent it is", Priority.class))
        .must("status", Schema.choice("Where it stands", TaskStatus.class))
        .may("assignee", Schema.text("The agent it belongs to"))
        .must("depends_on", Schema.list("Tasks to complete first", Schema.text("A task id")))
        .must("progress", Schema.whole("Per cent done", 0, 100))
        .must("attempts", Schema.whole("How often it was claimed", 0))
        .must("max_attempts", Schema.whole("How often it may be tried", 1))
        .may("lease_expires_at", time("Until when its agent may work on it"))
        .may("result", Schema.anything("What the agent handed in"))
        .may("error", Schema.text("Why the last attempt failed"))
        .must("metadata", Schema.anyObject("The caller's own data"))
        .must("created_at", time("When it was created"))
        .must("updated_at", time("When it last changed"))
        .may("started_at", time("When it was last claimed"))
        .may("finished_at", time("When it ended"))
        .part("The task");
  }

  /// A memory entry.
  static JsonObject memory() {
    return Schema.members()
        .must("key", Schema.text("The key"))
        .must("namespace", Schema.text("The namespace"))
        .must("value", Schema.anything("The value"))
        .must("version", Schema.whole("The value's version", 1))
        .must("updated_at", time("When it was stored"))
        .may("expires_at", time("When it will be gone"))
        .part("The entry");
  }

  /// A checkpoint.
  static Schema.Members checkpoint() {
    return Schema.members()
        .must("checkpoint_id", Schema.text("The checkpoint's id"))
        .may("parent_checkpoint_id", Schema.text("The checkpoint it is a delta to"))
        .must("created_at", time("When it was taken"))
        .must("seq", Schema.whole("The last operation in it", 1))
        .must("kind", Schema.choice("Whether it stands alone", CheckpointInfo.Kind.class))
        .may("label", Schema.text("The caller's words"))
        .must("bytes", Schema.whole("Its size on disk", 0))
        .must("verified", Schema.flag("Read back and compared after writing"));
  }

  /// What became of a session after a crash.
  static JsonObject recovery() {
    return Schema.members()
        .must("recovery_id", Schema.text("The run it belongs to"))
        .must("session_id", Schema.text("The session"))
        .must("session_name", Schema.text("Its name"))
        .must("failure", Schema.text("What went wrong"))
        .must("strategy", Schema.text("What was done"))
        .must("success", Schema.flag("True when the session serves again"))
        .may("reason", Schema.text("Why it does not"))
        .must("failed_at", time("When it happened"))
        .must("finished_at", time("When the session was ready"))
        .must("phase_micros", Schema.anyObject("How long each phase took, in microseconds"))
        .may("checkpoint_id", Schema.text("What was restored"))
        .must("operations_replayed", Schema.whole("From the journal", 0))
        .must("operations_lost", Schema.whole("Acknowledged operations that are gone", 0))
        .must("integrity_score", Schema.number("Checks passed over checks run, 0 to 1"))
        .must("data_loss_percent", Schema.number("Lost over acknowledged operations"))
        .must("findings", Schema.list("What was found", Schema.text("One finding")))
        .must("priority", Schema.text("LOW, MEDIUM or HIGH"))
        .must("losses", Schema.anyObject("Operations that are lost, by component"))
        .must(
            "operations_possibly_lost",
            Schema.whole(
                "How many more may be lost, at most: part of the journal cannot be read, and"
                    + " nobody can tell whose operations it held",
                0))
        .must("operations_lost_estimate", Schema.whole("Expected before the replay", 0))
        .may("estimated_ms", Schema.whole("How long it was expected to take", 0))
        .must("connections", Schema.whole("Connections that the session has again", 0))
        .may(
            "validation",
            Schema.anyObject(
                "The session before the failure against the session now, by component; left out"
                    + " where nobody knows what it was before"))
        .part("The recovery of a session");
  }

  /// All recoveries after one crash.
  static JsonObject run() {
    return Schema.members()
        .must("recovery_id", Schema.text("Names the run"))
        .must("failure", Schema.text("What had happened"))
        .must("severity", Schema.text("LOW, MEDIUM or HIGH, from the length of the silence"))
        .must(
            "failed_at",
            time("When it happened: the exit where somebody saw it, else the last sign"))
        .must("last_heartbeat_at", time("When the process was last known to be well"))
        .must("detected_at", time("When it was noticed"))
        .must("last_known_state", Schema.text("What the process had last said of itself"))
        .must("finished", Schema.flag("False while sessions are still waiting for their turn"))
        .must("success", Schema.flag("True when every session serves again"))
        .must("sessions_recovered", Schema.whole("How many serve again", 0))
        .must("sessions_failed", Schema.whole("How many do not", 0))
        .must("sessions_waiting", Schema.whole("How many wait for their turn", 0))
        .must(
            "lost_sessions",
            Schema.list(
                "Lost with sessions of which nothing else is left", Schema.text("One loss")))
        .must("total_time_ms", Schema.whole("From the detection to the last session", 0))
        .part("The recoveries after one crash");
  }

  /// A time.
  static JsonObject time(String description) {
    return Schema.text(description + ", ISO 8601");
  }
}
