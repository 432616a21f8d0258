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

  /// Removes a connection; an absent one is no error. Calls that wait for it are cancelled, those
  /// that run are of unknown outcome, and what was kept for replay is let go.
  record RemoveConnection(String connectionId) implements Command {}

  /// Writes a call down before the first byte of it is sent. The oldest calls that have ended are
  /// forgotten when there is no room.
  ///
  /// @param id names it; refused with [Refusal.Code#OPERATION_ID_REUSED] when there is such a call
  /// @param callClass found out, not asked for, like the last two: they tell no two commands apart
  /// @param params JSON text; null when it holds what must not be written down, and then it is
  ///   neither queued nor kept for replay
  /// @param argumentsDigest kept for as long as the call is, to know it again by; null when not
  ///   even that may be written down
  /// @param replayable keep it for replay once it is completed
  /// @param as where it stands at once: `ACCEPTED`, `QUEUED`, or `SENT` when that follows without
  ///   delay
  record AcceptCall(
      CallId id,
      String connectionId,
      String method,
      @Nullable String target,
      CallClass callClass,
      @Nullable String params,
      @Nullable String argumentsDigest,
      boolean replayable,
      CallStatus as)
      implements Command {}

  /// Says where a call stands now, within [CallStatus#next]. Cancelling is a move to `CANCELLED`.
  ///
  /// @param outcome JSON text; with `COMPLETED` always, with `FAILED` if there is one
  /// @param reason a sentence; needed for `UNKNOWN`, `CANCELLED`, `EXPIRED`, and for `FAILED`
  ///   without an outcome
  record MoveCall(CallId id, CallStatus to, @Nullable String outcome, @Nullable String reason)
      implements Command {}

  /// Lets a call wait that is `SENT` and of which it is certain that nothing was run: no byte of it
  /// had left, or the server said that it did not take it.
  record UnsendCall(CallId id, String reason) implements Command {}

  /// Sends a call of unknown outcome again, at a person's word: it may then run twice.
  record RetryCall(CallId id) implements Command {}

  /// Forgets a call that has ended and is not kept for replay.
  record ForgetCall(CallId id) implements Command {}

  /// Lets go of calls that are kept for replay: their client can still ask for them, as for any
  /// other.
  ///
  /// @param calls which; null for all of the connection, and then its bindings and the note that
  ///   its replay is incomplete go with them
  record DropReplay(String connectionId, @Nullable List<CallId> calls) implements Command {}

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
