package dev.planaria.engine.state;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a caller asks of a session. May be refused ([Refusal]); what is accepted becomes an
/// [Operation].
///
/// A null component means "not given": the default, or for a change, "leave as it is".
public sealed interface Command {

  /// Changes the swarm's configuration; null keeps what it is.
  record ConfigureSwarm(
      @Nullable Topology topology, @Nullable Integer maxAgents, @Nullable String strategy)
      implements Command {}

  /// Ends the session; unfinished tasks are cancelled, live agents retired.
  record CloseSession(@Nullable String reason) implements Command {}

  /// Adds an agent.
  record SpawnAgent(
      String type,
      @Nullable String name,
      @Nullable List<String> capabilities,
      @Nullable JsonObject metadata)
      implements Command {}

  /// Changes an agent; `status` may be `IDLE` or `OFFLINE`.
  record UpdateAgent(
      String agentId,
      @Nullable String name,
      @Nullable AgentStatus status,
      @Nullable List<String> capabilities,
      @Nullable JsonObject metadata)
      implements Command {}

  /// Says that an agent is alive; an `OFFLINE` one becomes `IDLE`.
  record HeartbeatAgent(String agentId) implements Command {}

  /// Ends an agent; its unfinished tasks go back to the board.
  record RetireAgent(String agentId) implements Command {}

  /// Adds a task; with an assignee it can be claimed by that agent alone.
  record CreateTask(
      String description,
      @Nullable Priority priority,
      @Nullable List<String> dependsOn,
      @Nullable String assignee,
      @Nullable Integer maxAttempts,
      @Nullable JsonObject metadata)
      implements Command {}

  /// Adds a task and gives it to up to `maxAgents` idle agents: the first becomes its assignee, and
  /// all are named in its metadata.
  record OrchestrateTask(
      String description,
      @Nullable String strategy,
      @Nullable Priority priority,
      @Nullable Integer maxAgents)
      implements Command {}

  /// Takes a task to work on: the named one, or the most urgent and oldest that can be claimed.
  /// Refused with [Refusal.Code#NOTHING_TO_CLAIM] when there is none.
  record ClaimTask(String agentId, @Nullable String taskId, @Nullable Long leaseMillis)
      implements Command {}

  /// Reports progress and renews the lease.
  record UpdateTask(
      String taskId,
      String leaseToken,
      @Nullable Integer progressPercent,
      @Nullable JsonObject metadata)
      implements Command {}

  /// Hands in a task's result.
  record CompleteTask(String taskId, String leaseToken, @Nullable JsonValue result)
      implements Command {}

  /// Gives up an attempt; with attempts left the task goes back to the board, otherwise it is
  /// `FAILED` and every task that depends on it, directly or not, is `CANCELLED` with the reason,
  /// since it could never be claimed.
  record FailTask(String taskId, String leaseToken, String error) implements Command {}

  /// Stores a memory entry; refused with [Refusal.Code#VERSION_CONFLICT] when `ifVersion` is given
  /// and is not the present version (0: there must be none).
  record StoreMemory(
      MemoryKey key, JsonValue value, @Nullable Long ttlMillis, @Nullable Long ifVersion)
      implements Command {}

  /// Removes a memory entry; an absent one is no error.
  record DeleteMemory(MemoryKey key) implements Command {}

  /// Adds or replaces a connection.
  record PutConnection(Connection connection) implements Command {}

  /// Removes a connection; an absent one is no error.
  record RemoveConnection(String connectionId) implements Command {}

  /// Takes the session back to what it was after one of its operations.
  ///
  /// @param toSeq the operation
  /// @param checkpointId the checkpoint by which it was named, or null
  /// @param to the state that it led to; found out, not asked for, so that it tells no two commands
  ///   apart
  record RestoreSession(long toSeq, @Nullable String checkpointId, SessionState to)
      implements Command {}

  /// The engine's own: puts tasks whose lease has run out back to the board (or fails them) and
  /// removes expired memory. Refused with [Refusal.Code#NOTHING_TO_SWEEP] when nothing is due.
  record Sweep() implements Command {}

  /// The engine's own, after a crash: gives every lease its full length again, since time during
  /// which nobody could renew counts against nobody.
  record ResumeAfterCrash(String recoveryId) implements Command {}
}
