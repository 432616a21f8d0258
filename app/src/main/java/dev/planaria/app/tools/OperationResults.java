package dev.planaria.app.tools;

import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.WireName;
import dev.planaria.engine.session.Committed;
import dev.planaria.engine.state.Agent;
import dev.planaria.engine.state.Call;
import dev.planaria.engine.state.MemoryEntry;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.SeqRange;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionStatus;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.state.Task;
import java.util.List;
import java.util.function.Function;

/// Tells the result of an operation from the operation alone, so that it is the same at first, when
/// it is asked for again, and in `operation_status`.
final class OperationResults {
  private OperationResults() {}

  /// A result, for programs and in words.
  record Told(JsonObject structured, String text) {}

  /// The acknowledgement of a change.
  static ToolResult acknowledge(Committed committed) {
    Told told = tell(committed);
    return ToolResult.committed(committed, told.structured(), told.text());
  }

  /// What an operation did, told with where it stands.
  static Told tell(Committed committed) {
    return committed.operation() instanceof Operation.Restored restored
        ? restored(restored, committed.receipt())
        : tell(committed.operation());
  }

  private static Told restored(Operation.Restored restored, Receipt receipt) {
    return new Told(
        JsonObject.builder()
            .put("session_id", receipt.sessionId().toString())
            .put(
                "head",
                JsonObject.builder()
                    .put("seq", receipt.seq())
                    .put("hash", receipt.hash().toString())
                    .build())
            .put("dropped", restored.dropped())
            .build(),
        words(restored));
  }

  private static String words(Operation.Restored restored) {
    return "the session is again what it was after operation "
        + restored.toSeq()
        + "; "
        + restored.dropped()
        + (restored.dropped() == 1 ? " operation was" : " operations were")
        + " taken back; the journal keeps them. Whoever was working on a task claims it again. Read"
        + " anew what you know of the session";
  }

  /// What an operation did.
  static Told tell(Operation operation) {
    return switch (operation) {
      case Operation.SessionOpened opened ->
          opened(opened.sessionId(), opened.name(), opened.configuration());
      case Operation.SessionForked forked ->
          opened(forked.sessionId(), forked.name(), forked.state().configuration());
      case Operation.Restored restored ->
          new Told(
              JsonObject.builder().put("dropped", restored.dropped()).build(), words(restored));
      case Operation.SwarmConfigured(var configuration) ->
          new Told(
              JsonObject.builder().put("configuration", Views.configuration(configuration)).build(),
              "the swarm was configured: " + Words.configuration(configuration));
      case Operation.SessionClosed(_, var agents, var tasks, _) -> closed(agents, tasks);
      case Operation.AgentSpawned(var agent) -> agent(agent, "spawned");
      case Operation.AgentUpdated(var agent) -> agent(agent, "updated");
      case Operation.AgentHeartbeat(var agent) -> agent(agent, "heard of");
      case Operation.AgentRetired(var agent, var released) -> retired(agent, released);
      case Operation.TaskCreated(var task) -> task(task, "created");
      case Operation.TaskOrchestrated(var task, var agentIds) -> orchestrated(task, agentIds);
      case Operation.TaskClaimed(var task, _) -> task(task, "claimed");
      case Operation.TaskUpdated(var task, _) -> task(task, "updated");
      case Operation.TaskCompleted(var task, _) -> task(task, "completed");
      case Operation.TaskFailed(var task, _, var cancelled) -> failed(task, cancelled);
      case Operation.MemoryStored(var entry) -> stored(entry);
      case Operation.MemoryDeleted(var key, boolean existed) ->
          new Told(
              key(key).put("deleted", existed).build(),
              existed ? "deleted " + Words.key(key) : Words.key(key) + " was not there");
      case Operation.ConnectionPut(var connection) ->
          new Told(
              JsonObject.builder().put("connection", Views.connection(connection)).build(),
              "connection " + connection.id() + " is " + WireName.of(connection.status()));
      case Operation.ConnectionRemoved(var id, boolean existed, _, _) ->
          new Told(
              JsonObject.builder().put("connection_id", id).put("removed", existed).build(),
              "connection " + id + (existed ? " was removed" : " was not there"));
      case Operation.CallAccepted(var call, _) -> call(call);
      case Operation.CallMoved(var call, _, _) -> call(call);
      case Operation.CallForgotten(var id) ->
          new Told(
              JsonObject.builder().put("operation_id", id.operationId()).build(),
              "the call was forgotten");
      case Operation.ReplayDropped(var id, var letGo, _) ->
          new Told(
              JsonObject.builder()
                  .put("connection_id", id)
                  .put("calls", letGo.calls().size())
                  .build(),
              letGo.calls().size() + " calls are no longer kept for replay");
      case Operation.Swept swept -> swept(swept);
      case Operation.Resumed(var recoveryId, var tasks) ->
          new Told(
              JsonObject.builder()
                  .put("recovery_id", recoveryId)
                  .put("tasks", ids(tasks, Task::id))
                  .build(),
              "the session went on after a crash");
      case Operation.Recovered recovered -> recovered(recovered);
      case Operation.Detached(var recoveryId, var tasks, var agents, _) ->
          repaired(recoveryId, tasks, agents, "references that led nowhere were taken away");
      case Operation.Clamped(var recoveryId, var tasks, var agents, _, _) ->
          repaired(recoveryId, tasks, agents, "values were put back within their bounds");
    };
  }

  private static Told recovered(Operation.Recovered recovered) {
    long lost = SeqRange.count(recovered.lost());
    return new Told(
        JsonObject.builder()
            .put("recovery_id", recovered.recoveryId())
            .put("operations_lost", lost)
            .build(),
        "the session went on without " + lost + " operations that were lost");
  }

  private static Told repaired(
      String recoveryId, List<Task> tasks, List<Agent> agents, String words) {
    return new Told(
        JsonObject.builder()
            .put("recovery_id", recoveryId)
            .put("tasks", ids(tasks, Task::id))
            .put("agents", ids(agents, Agent::id))
            .build(),
        words);
  }

  private static Told opened(SessionId id, String name, SwarmConfiguration configuration) {
    return new Told(
        JsonObject.builder()
            .put("session_id", id.toString())
            .put("name", name)
            .put("status", WireName.of(SessionStatus.ACTIVE))
            .put("created", true)
            .put("configuration", Views.configuration(configuration))
            .build(),
        "session " + id + " (" + name + ") was created");
  }

  private static Told closed(List<Agent> agents, List<Task> tasks) {
    return new Told(
        JsonObject.builder()
            .put("status", WireName.of(SessionStatus.TERMINATED))
            .put("retired_agents", ids(agents, Agent::id))
            .put("cancelled_tasks", ids(tasks, Task::id))
            .build(),
        "the session is terminated; "
            + agents.size()
            + " agents retired, "
            + tasks.size()
            + " unfinished tasks cancelled");
  }

  private static Told retired(Agent agent, List<Task> released) {
    return new Told(
        JsonObject.builder()
            .put("agent", Views.agent(agent))
            .put("released_tasks", ids(released, Task::id))
            .build(),
        Words.agent(agent) + "; tasks released: " + Words.ids(released, Task::id));
  }

  private static Told orchestrated(Task task, List<String> agentIds) {
    return new Told(
        JsonObject.builder()
            .put("task", Views.task(task))
            .put("agent_ids", JsonArray.ofStrings(agentIds))
            .build(),
        Words.task(task)
            + "; given to: "
            + (agentIds.isEmpty()
                ? "nobody, since no agent is idle; spawn one, then task_claim"
                : String.join(", ", agentIds)));
  }

  private static Told failed(Task task, List<Task> cancelled) {
    return new Told(
        JsonObject.builder()
            .put("task", Views.task(task))
            .put("cancelled_tasks", ids(cancelled, Task::id))
            .build(),
        Words.task(task)
            + (cancelled.isEmpty()
                ? ""
                : "; cancelled, since they depend on it: " + Words.ids(cancelled, Task::id)));
  }

  private static Told stored(MemoryEntry entry) {
    return new Told(
        key(entry.key())
            .put("version", entry.version())
            .put("expires_at", Views.time(entry.expiresAtMillis()))
            .build(),
        "stored " + Words.key(entry.key()) + " as version " + entry.version());
  }

  private static Told swept(Operation.Swept swept) {
    return new Told(
        JsonObject.builder()
            .put("tasks", ids(swept.tasks(), Task::id))
            .put("agents", ids(swept.agents(), Agent::id))
            .put("memory_entries", swept.memory().size())
            .build(),
        "what had run out was put away");
  }

  private static Told call(Call call) {
    return new Told(
        JsonObject.builder()
            .put("operation_id", call.id().operationId())
            .put("connection_id", call.connectionId())
            .put("status", WireName.of(call.status()))
            .put("reason", call.reason())
            .build(),
        "the call " + call.id().operationId() + " is " + WireName.of(call.status()));
  }

  private static Told agent(Agent agent, String what) {
    return new Told(
        JsonObject.builder().put("agent", Views.agent(agent)).build(),
        Words.agent(agent) + " (" + what + ")");
  }

  private static Told task(Task task, String what) {
    return new Told(
        JsonObject.builder().put("task", Views.task(task)).build(),
        Words.task(task) + " (" + what + ")");
  }

  private static JsonObject.Builder key(MemoryKey key) {
    return JsonObject.builder().put("key", key.key()).put("namespace", key.namespace());
  }

  private static <T> JsonArray ids(List<T> things, Function<T, String> id) {
    return JsonArray.ofStrings(things.stream().map(id).toList());
  }
}
