package dev.planaria.engine.state;

import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonReader;
import dev.planaria.engine.json.JsonSyntaxException;
import dev.planaria.engine.json.JsonWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Operations as the journal holds them: a type and a JSON body. Names are for ever: an old journal
/// must be readable by every later version. Pure and thread-safe.
public final class OperationCodec {

  private OperationCodec() {}

  /// The operation's type in the journal.
  public static String type(Operation operation) {
    return switch (operation) {
      case Operation.SessionOpened _ -> "session_opened";
      case Operation.SessionForked _ -> "session_forked";
      case Operation.Restored _ -> "restored";
      case Operation.SwarmConfigured _ -> "swarm_configured";
      case Operation.SessionClosed _ -> "session_closed";
      case Operation.AgentSpawned _ -> "agent_spawned";
      case Operation.AgentUpdated _ -> "agent_updated";
      case Operation.AgentHeartbeat _ -> "agent_heartbeat";
      case Operation.AgentRetired _ -> "agent_retired";
      case Operation.TaskCreated _ -> "task_created";
      case Operation.TaskOrchestrated _ -> "task_orchestrated";
      case Operation.TaskClaimed _ -> "task_claimed";
      case Operation.TaskUpdated _ -> "task_updated";
      case Operation.TaskCompleted _ -> "task_completed";
      case Operation.TaskFailed _ -> "task_failed";
      case Operation.MemoryStored _ -> "memory_stored";
      case Operation.MemoryDeleted _ -> "memory_deleted";
      case Operation.ConnectionPut _ -> "connection_put";
      case Operation.ConnectionRemoved _ -> "connection_removed";
      case Operation.CallAccepted _ -> "call_accepted";
      case Operation.CallMoved _ -> "call_moved";
      case Operation.CallForgotten _ -> "call_forgotten";
      case Operation.ReplayDropped _ -> "replay_dropped";
      case Operation.Swept _ -> "swept";
      case Operation.Resumed _ -> "resumed";
      case Operation.Recovered _ -> "recovered";
      case Operation.Detached _ -> "detached";
      case Operation.Clamped _ -> "clamped";
    };
  }

  /// The operation's body: UTF-8 JSON, an object.
  public static byte[] encode(Operation operation) {
    var out = new JsonWriter();
    write(operation, out);
    return out.toBytes();
  }

  /// Writes the operation's body.
  public static void write(Operation operation, JsonWriter out) {
    out.beginObject();
    switch (operation) {
      case Operation.SessionOpened op -> {
        out.field("session_id", op.sessionId().toString()).field("name", op.name());
        out.field("parent", op.parent() == null ? null : op.parent().toString());
        RecordWriter.configuration(out.name("configuration"), op.configuration());
      }
      case Operation.SessionForked op ->
          StateCodec.write(op.state(), out.field("parent_seq", op.parentSeq()).name("state"));
      case Operation.Restored op -> {
        out.field("to_seq", op.toSeq()).field("checkpoint_id", op.checkpointId());
        StateDeltaCodec.write(op.changes(), out.field("dropped", op.dropped()).name("changes"));
      }
      case Operation.SwarmConfigured op ->
          RecordWriter.configuration(out.name("configuration"), op.configuration());
      case Operation.SessionClosed op -> {
        out.field("reason", op.reason());
        agents(out, "agents", op.agents());
        tasks(out, "tasks", op.tasks());
        calls(out, op.calls());
      }
      case Operation.AgentSpawned op -> agent(out, op.agent());
      case Operation.AgentUpdated op -> agent(out, op.agent());
      case Operation.AgentHeartbeat op -> agent(out, op.agent());
      case Operation.AgentRetired op -> {
        agent(out, op.agent());
        tasks(out, "released", op.released());
      }
      case Operation.TaskCreated op -> task(out, op.task());
      case Operation.TaskOrchestrated op -> {
        task(out, op.task());
        RecordWriter.texts(out, "agent_ids", op.agentIds());
      }
      case Operation.TaskClaimed op -> taskAndAgent(out, op.task(), op.agent());
      case Operation.TaskUpdated op -> taskAndAgent(out, op.task(), op.agent());
      case Operation.TaskCompleted op -> taskAndAgent(out, op.task(), op.agent());
      case Operation.TaskFailed op -> {
        taskAndAgent(out, op.task(), op.agent());
        tasks(out, "cancelled", op.cancelled());
      }
      case Operation.MemoryStored op -> RecordWriter.memoryEntry(out.name("entry"), op.entry());
      case Operation.MemoryDeleted op -> {
        RecordWriter.memoryKey(out.name("key"), op.key());
        out.name("existed").truth(op.existed());
      }
      case Operation.ConnectionPut op -> ConnectionCodec.ifGiven(out, op.connection());
      case Operation.ConnectionRemoved op -> CallCodec.write(out, op);
      case Operation.CallAccepted op -> CallCodec.write(out, op);
      case Operation.CallMoved op -> CallCodec.write(out, op);
      case Operation.CallForgotten op -> CallCodec.id(out.name("call_id"), op.id());
      case Operation.ReplayDropped op -> CallCodec.write(out, op);
      case Operation.Swept op -> {
        tasks(out, "tasks", op.tasks());
        agents(out, "agents", op.agents());
        RecordWriter.list(out, "memory", op.memory(), RecordWriter::memoryKey);
        calls(out, op.calls());
        RecordWriter.list(out, "forgotten", op.forgotten(), CallCodec::id);
      }
      case Operation.Resumed op -> {
        out.field("recovery_id", op.recoveryId());
        tasks(out, "tasks", op.tasks());
      }
      case Operation.Recovered op -> RecoveredCodec.write(out, op);
      case Operation.Detached op -> {
        out.field("recovery_id", op.recoveryId());
        tasks(out, "tasks", op.tasks());
        agents(out, "agents", op.agents());
        calls(out, op.calls());
      }
      case Operation.Clamped op -> {
        out.field("recovery_id", op.recoveryId());
        tasks(out, "tasks", op.tasks());
        agents(out, "agents", op.agents());
        RecordWriter.list(out, "entries", op.memory(), RecordWriter::memoryEntry);
        calls(out, op.calls());
      }
    }
    out.endObject();
  }

  /// The operation of a type and a body. Members of the body that are not known are ignored.
  ///
  /// @throws UndecodableException when the type is unknown, or the body is not one of that type
  public static Operation decode(String type, byte[] body) {
    try {
      var in = JsonReader.of(body, JsonLimits.OWN);
      var fields = new Body(in);
      in.end();
      return fields.toOperation(type);
    } catch (JsonSyntaxException e) {
      throw new UndecodableException("the body of a " + type + " is not what it should be", e);
    }
  }

  private static void agent(JsonWriter out, Agent agent) {
    RecordWriter.agent(out.name("agent"), agent);
  }

  private static void agents(JsonWriter out, String name, List<Agent> agents) {
    RecordWriter.list(out, name, agents, RecordWriter::agent);
  }

  private static void task(JsonWriter out, Task task) {
    RecordWriter.task(out.name("task"), task);
  }

  private static void tasks(JsonWriter out, String name, List<Task> tasks) {
    RecordWriter.list(out, name, tasks, RecordWriter::task);
  }

  private static void calls(JsonWriter out, List<Call> calls) {
    RecordWriter.list(out, "calls", calls, CallCodec::call);
  }

  private static void taskAndAgent(JsonWriter out, Task task, Agent agent) {
    task(out, task);
    agent(out, agent);
  }

  /// The members that the bodies of all types are made of; each name means the same in all.
  private static final class Body {
    private @Nullable SessionId sessionId;
    private @Nullable String name;
    private @Nullable SessionId parent;
    private @Nullable SwarmConfiguration configuration;
    private @Nullable String reason;
    private @Nullable Agent agent;
    private List<Agent> agents = List.of();
    private @Nullable Task task;
    private List<Task> tasks = List.of();
    private List<Task> released = List.of();
    private List<Task> cancelled = List.of();
    private List<String> agentIds = List.of();
    private @Nullable MemoryEntry entry;
    private @Nullable MemoryKey key;
    private List<MemoryKey> memory = List.of();
    private @Nullable Connection connection;
    private @Nullable String connectionId;
    private @Nullable Boolean existed;
    private @Nullable Call call;
    private @Nullable CallId callId;
    private List<Call> calls = List.of();
    private List<CallId> forgotten = List.of();
    private Operation.@Nullable LetGo letGo;
    private @Nullable String recoveryId;
    private List<MemoryEntry> entries = List.of();
    private Operation.@Nullable Opening opening;
    private List<SeqRange> lost = List.of();
    private List<Operation.Loss> losses = List.of();
    private List<SeqRange> skipped = List.of();
    private @Nullable Long parentSeq;
    private @Nullable SessionState state;
    private @Nullable Long toSeq;
    private @Nullable String checkpointId;
    private @Nullable Long dropped;
    private @Nullable StateDelta changes;

    private Body(JsonReader in) {
      in.beginObject();
      for (String field = in.nextName(); field != null; field = in.nextName()) {
        read(field, in);
      }
    }

    private void read(String field, JsonReader in) {
      switch (field) {
        case "session_id" -> sessionId = RecordReader.sessionId(in);
        case "name" -> name = in.text();
        case "parent" -> parent = RecordReader.sessionId(in);
        case "configuration" -> configuration = RecordReader.configuration(in);
        case "reason" -> reason = in.text();
        case "agent" -> agent = RecordReader.agent(in);
        case "agents" -> agents = RecordReader.list(in, RecordReader::agent);
        case "task" -> task = RecordReader.task(in);
        case "tasks" -> tasks = RecordReader.list(in, RecordReader::task);
        case "released" -> released = RecordReader.list(in, RecordReader::task);
        case "cancelled" -> cancelled = RecordReader.list(in, RecordReader::task);
        case "agent_ids" -> agentIds = RecordReader.texts(in);
        case "entry" -> entry = RecordReader.memoryEntry(in);
        case "key" -> key = RecordReader.memoryKey(in);
        case "memory" -> memory = RecordReader.list(in, RecordReader::memoryKey);
        case "connection" -> connection = ConnectionCodec.connection(in);
        case "connection_id" -> connectionId = in.text();
        case "existed" -> existed = in.truth();
        case "call" -> call = CallCodec.call(in);
        case "call_id" -> callId = CallCodec.id(in);
        case "calls" -> calls = RecordReader.list(in, CallCodec::call);
        case "forgotten" -> forgotten = RecordReader.list(in, CallCodec::id);
        case "let_go" -> letGo = CallCodec.letGo(in);
        case "recovery_id" -> recoveryId = in.text();
        case "entries" -> entries = RecordReader.list(in, RecordReader::memoryEntry);
        case "opening" -> opening = RecoveredCodec.opening(in);
        case "lost" -> lost = RecordReader.list(in, RecoveredCodec::range);
        case "losses" -> losses = RecordReader.list(in, RecoveredCodec::loss);
        case "skipped" -> skipped = RecordReader.list(in, RecoveredCodec::range);
        case "parent_seq" -> parentSeq = in.wholeNumber();
        case "state" -> state = StateCodec.read(in);
        case "to_seq" -> toSeq = in.wholeNumber();
        case "checkpoint_id" -> checkpointId = in.text();
        case "dropped" -> dropped = in.wholeNumber();
        case "changes" -> changes = StateDeltaCodec.read(in);
        default -> in.skip();
      }
    }

    private Operation toOperation(String type) {
      return switch (type) {
        case "session_opened" ->
            new Operation.SessionOpened(
                required(sessionId, "session_id"),
                required(name, "name"),
                parent,
                required(configuration, "configuration"));
        case "session_forked" ->
            new Operation.SessionForked(
                required(parentSeq, "parent_seq"), required(state, "state"));
        case "restored" ->
            new Operation.Restored(
                required(toSeq, "to_seq"),
                checkpointId,
                required(dropped, "dropped"),
                required(changes, "changes"));
        case "swarm_configured" ->
            new Operation.SwarmConfigured(required(configuration, "configuration"));
        case "session_closed" -> new Operation.SessionClosed(reason, agents, tasks, calls);
        case "agent_spawned" -> new Operation.AgentSpawned(theAgent());
        case "agent_updated" -> new Operation.AgentUpdated(theAgent());
        case "agent_heartbeat" -> new Operation.AgentHeartbeat(theAgent());
        case "agent_retired" -> new Operation.AgentRetired(theAgent(), released);
        case "task_created" -> new Operation.TaskCreated(theTask());
        case "task_orchestrated" -> new Operation.TaskOrchestrated(theTask(), agentIds);
        case "task_claimed" -> new Operation.TaskClaimed(theTask(), theAgent());
        case "task_updated" -> new Operation.TaskUpdated(theTask(), theAgent());
        case "task_completed" -> new Operation.TaskCompleted(theTask(), theAgent());
        case "task_failed" -> new Operation.TaskFailed(theTask(), theAgent(), cancelled);
        case "memory_stored" -> new Operation.MemoryStored(required(entry, "entry"));
        case "memory_deleted" ->
            new Operation.MemoryDeleted(required(key, "key"), required(existed, "existed"));
        case "connection_put" -> new Operation.ConnectionPut(required(connection, "connection"));
        case "connection_removed" ->
            new Operation.ConnectionRemoved(
                required(connectionId, "connection_id"),
                required(existed, "existed"),
                calls,
                letGo);
        case "call_accepted" -> new Operation.CallAccepted(required(call, "call"), forgotten);
        case "call_moved" -> new Operation.CallMoved(required(call, "call"), connection, forgotten);
        case "call_forgotten" -> new Operation.CallForgotten(required(callId, "call_id"));
        case "replay_dropped" ->
            new Operation.ReplayDropped(
                required(connectionId, "connection_id"), required(letGo, "let_go"), connection);
        case "swept" -> new Operation.Swept(tasks, agents, memory, calls, forgotten);
        case "resumed" -> new Operation.Resumed(required(recoveryId, "recovery_id"), tasks);
        case "recovered" ->
            new Operation.Recovered(
                required(recoveryId, "recovery_id"),
                opening,
                lost,
                losses,
                skipped.isEmpty() ? null : skipped.getFirst());
        case "detached" ->
            new Operation.Detached(required(recoveryId, "recovery_id"), tasks, agents, calls);
        case "clamped" ->
            new Operation.Clamped(
                required(recoveryId, "recovery_id"), tasks, agents, entries, calls);
        default ->
            throw new UndecodableException(
                "there is no operation of type " + Check.shown(type) + " in this version");
      };
    }

    private Agent theAgent() {
      return required(agent, "agent");
    }

    private Task theTask() {
      return required(task, "task");
    }

    private static <T> T required(@Nullable T value, String field) {
      return RecordReader.required(value, field);
    }
  }
}
