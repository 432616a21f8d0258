package dev.planaria.engine.state;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonReader;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.json.WireName;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads what [RecordWriter] writes. Members that are not known are skipped; one that is missing or
/// of the wrong kind is an [UndecodableException] or a
/// [dev.planaria.engine.json.JsonSyntaxException].
final class RecordReader {

  private RecordReader() {}

  static Agent agent(JsonReader in) {
    String id = null;
    String type = null;
    String name = null;
    List<String> capabilities = List.of();
    AgentStatus status = null;
    String currentTask = null;
    Long lastHeartbeat = null;
    JsonObject metadata = JsonObject.EMPTY;
    Long createdAt = null;
    Long updatedAt = null;
    in.beginObject();
    for (String field = in.nextName(); field != null; field = in.nextName()) {
      switch (field) {
        case "agent_id" -> id = in.text();
        case "type" -> type = in.text();
        case "name" -> name = in.text();
        case "capabilities" -> capabilities = texts(in);
        case "status" -> status = constant(in, AgentStatus.class);
        case "current_task" -> currentTask = in.text();
        case "last_heartbeat_ms" -> lastHeartbeat = in.wholeNumber();
        case "metadata" -> metadata = in.object();
        case "created_at_ms" -> createdAt = in.wholeNumber();
        case "updated_at_ms" -> updatedAt = in.wholeNumber();
        default -> in.skip();
      }
    }
    return new Agent(
        required(id, "agent_id"),
        required(type, "type"),
        required(name, "name"),
        capabilities,
        required(status, "status"),
        currentTask,
        required(lastHeartbeat, "last_heartbeat_ms"),
        metadata,
        required(createdAt, "created_at_ms"),
        required(updatedAt, "updated_at_ms"));
  }

  static Task task(JsonReader in) {
    var task = new TaskFields();
    in.beginObject();
    for (String field = in.nextName(); field != null; field = in.nextName()) {
      switch (field) {
        case "task_id" -> task.id = in.text();
        case "description" -> task.description = in.text();
        case "priority" -> task.priority = constant(in, Priority.class);
        case "status" -> task.status = constant(in, TaskStatus.class);
        case "assignee" -> task.assignee = in.text();
        case "depends_on" -> task.dependsOn = texts(in);
        case "progress" -> task.progressPercent = in.wholeNumber();
        case "attempts" -> task.attempts = in.wholeNumber();
        case "max_attempts" -> task.maxAttempts = in.wholeNumber();
        case "lease" -> task.lease = lease(in);
        case "result" -> task.result = in.value();
        case "error" -> task.error = in.text();
        case "metadata" -> task.metadata = in.object();
        case "created_at_ms" -> task.createdAt = in.wholeNumber();
        case "updated_at_ms" -> task.updatedAt = in.wholeNumber();
        case "started_at_ms" -> task.startedAt = in.wholeNumber();
        case "finished_at_ms" -> task.finishedAt = in.wholeNumber();
        default -> in.skip();
      }
    }
    return task.toTask();
  }

  /// A task's members while they are read.
  private static final class TaskFields {
    private @Nullable String id;
    private @Nullable String description;
    private @Nullable Priority priority;
    private @Nullable TaskStatus status;
    private @Nullable String assignee;
    private List<String> dependsOn = List.of();
    private @Nullable Long progressPercent;
    private @Nullable Long attempts;
    private @Nullable Long maxAttempts;
    private @Nullable Lease lease;
    private @Nullable JsonValue result;
    private @Nullable String error;
    private JsonObject metadata = JsonObject.EMPTY;
    private @Nullable Long createdAt;
    private @Nullable Long updatedAt;
    private @Nullable Long startedAt;
    private @Nullable Long finishedAt;

    private Task toTask() {
      return new Task(
          required(id, "task_id"),
          required(description, "description"),
          required(priority, "priority"),
          required(status, "status"),
          assignee,
          dependsOn,
          small(progressPercent, "progress"),
          small(attempts, "attempts"),
          small(maxAttempts, "max_attempts"),
          lease,
          result,
          error,
          metadata,
          required(createdAt, "created_at_ms"),
          required(updatedAt, "updated_at_ms"),
          startedAt,
          finishedAt);
    }
  }

  private static Lease lease(JsonReader in) {
    String token = null;
    Long duration = null;
    Long expiresAt = null;
    in.beginObject();
    for (String field = in.nextName(); field != null; field = in.nextName()) {
      switch (field) {
        case "token" -> token = in.text();
        case "duration_ms" -> duration = in.wholeNumber();
        case "expires_at_ms" -> expiresAt = in.wholeNumber();
        default -> in.skip();
      }
    }
    return new Lease(
        required(token, "token"),
        required(duration, "duration_ms"),
        required(expiresAt, "expires_at_ms"));
  }

  static MemoryKey memoryKey(JsonReader in) {
    String namespace = null;
    String key = null;
    in.beginObject();
    for (String field = in.nextName(); field != null; field = in.nextName()) {
      switch (field) {
        case "namespace" -> namespace = in.text();
        case "key" -> key = in.text();
        default -> in.skip();
      }
    }
    return new MemoryKey(required(namespace, "namespace"), required(key, "key"));
  }

  static MemoryEntry memoryEntry(JsonReader in) {
    String namespace = null;
    String key = null;
    JsonValue value = null;
    Long bytes = null;
    Long version = null;
    Long updatedAt = null;
    Long expiresAt = null;
    in.beginObject();
    for (String field = in.nextName(); field != null; field = in.nextName()) {
      switch (field) {
        case "namespace" -> namespace = in.text();
        case "key" -> key = in.text();
        case "value" -> value = in.value();
        case "bytes" -> bytes = in.wholeNumber();
        case "version" -> version = in.wholeNumber();
        case "updated_at_ms" -> updatedAt = in.wholeNumber();
        case "expires_at_ms" -> expiresAt = in.wholeNumber();
        default -> in.skip();
      }
    }
    return new MemoryEntry(
        new MemoryKey(required(namespace, "namespace"), required(key, "key")),
        required(value, "value"),
        small(bytes, "bytes"),
        required(version, "version"),
        required(updatedAt, "updated_at_ms"),
        expiresAt);
  }

  static SwarmConfiguration configuration(JsonReader in) {
    Topology topology = null;
    Long maxAgents = null;
    String strategy = null;
    JsonObject extra = JsonObject.EMPTY;
    in.beginObject();
    for (String field = in.nextName(); field != null; field = in.nextName()) {
      switch (field) {
        case "topology" -> topology = constant(in, Topology.class);
        case "max_agents" -> maxAgents = in.wholeNumber();
        case "strategy" -> strategy = in.text();
        case "extra" -> extra = in.object();
        default -> in.skip();
      }
    }
    return new SwarmConfiguration(
        required(topology, "topology"),
        small(maxAgents, "max_agents"),
        required(strategy, "strategy"),
        extra);
  }

  static SessionId sessionId(JsonReader in) {
    try {
      return SessionId.parse(in.text());
    } catch (IllegalArgumentException e) {
      throw new UndecodableException("a session id is malformed", e);
    }
  }

  static <T> List<T> list(JsonReader in, Function<JsonReader, T> reader) {
    var items = new ArrayList<T>();
    in.beginArray();
    while (in.nextItem()) {
      items.add(reader.apply(in));
    }
    return items;
  }

  static List<String> texts(JsonReader in) {
    return list(in, JsonReader::text);
  }

  static <E extends Enum<E>> E constant(JsonReader in, Class<E> type) {
    E constant = WireName.parse(type, in.text());
    if (constant == null) {
      throw new UndecodableException("an unknown " + type.getSimpleName());
    }
    return constant;
  }

  static <T> T required(@Nullable T value, String field) {
    if (value == null) {
      throw new UndecodableException("`" + field + "` is missing");
    }
    return value;
  }

  static int small(@Nullable Long value, String field) {
    long number = required(value, field);
    if (number < Integer.MIN_VALUE || number > Integer.MAX_VALUE) {
      throw new UndecodableException("`" + field + "` is out of bounds");
    }
    return (int) number;
  }
}
