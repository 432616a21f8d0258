package dev.planaria.engine.state;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonWriter;
import dev.planaria.engine.json.WireName;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The JSON form of what a session is made of, as journal and checkpoints hold it: snake_case
/// names, units in the name, absent for null and for empty lists and objects. [RecordReader] reads
/// it; the two change together, and only by adding.
final class RecordWriter {

  private RecordWriter() {}

  static void agent(JsonWriter out, Agent agent) {
    out.beginObject()
        .field("agent_id", agent.id())
        .field("type", agent.type())
        .field("name", agent.name());
    texts(out, "capabilities", agent.capabilities());
    out.field("status", WireName.of(agent.status()))
        .field("current_task", agent.currentTask())
        .field("last_heartbeat_ms", agent.lastHeartbeatMillis());
    object(out, "metadata", agent.metadata());
    out.field("created_at_ms", agent.createdAtMillis())
        .field("updated_at_ms", agent.updatedAtMillis())
        .endObject();
  }

  static void task(JsonWriter out, Task task) {
    out.beginObject()
        .field("task_id", task.id())
        .field("description", task.description())
        .field("priority", WireName.of(task.priority()))
        .field("status", WireName.of(task.status()))
        .field("assignee", task.assignee());
    texts(out, "depends_on", task.dependsOn());
    out.field("progress", task.progressPercent())
        .field("attempts", task.attempts())
        .field("max_attempts", task.maxAttempts());
    if (task.lease() != null) {
      lease(out.name("lease"), task.lease());
    }
    out.field("result", task.result()).field("error", task.error());
    object(out, "metadata", task.metadata());
    out.field("created_at_ms", task.createdAtMillis())
        .field("updated_at_ms", task.updatedAtMillis());
    time(out, "started_at_ms", task.startedAtMillis());
    time(out, "finished_at_ms", task.finishedAtMillis());
    out.endObject();
  }

  private static void lease(JsonWriter out, Lease lease) {
    out.beginObject()
        .field("token", lease.token())
        .field("duration_ms", lease.durationMillis())
        .field("expires_at_ms", lease.expiresAtMillis())
        .endObject();
  }

  static void memoryKey(JsonWriter out, MemoryKey key) {
    out.beginObject().field("namespace", key.namespace()).field("key", key.key()).endObject();
  }

  static void memoryEntry(JsonWriter out, MemoryEntry entry) {
    out.beginObject()
        .field("namespace", entry.key().namespace())
        .field("key", entry.key().key())
        .field("value", entry.value())
        .field("bytes", entry.bytes())
        .field("version", entry.version())
        .field("updated_at_ms", entry.updatedAtMillis());
    time(out, "expires_at_ms", entry.expiresAtMillis());
    out.endObject();
  }

  static void configuration(JsonWriter out, SwarmConfiguration configuration) {
    out.beginObject()
        .field("topology", WireName.of(configuration.topology()))
        .field("max_agents", configuration.maxAgents())
        .field("strategy", configuration.strategy());
    object(out, "extra", configuration.extra());
    out.endObject();
  }

  /// A member that is a list of records; nothing when the list is empty.
  static <T> void list(
      JsonWriter out, String name, Iterable<T> items, BiConsumer<JsonWriter, T> writer) {
    var iterator = items.iterator();
    if (iterator.hasNext()) {
      out.name(name).beginArray();
      while (iterator.hasNext()) {
        writer.accept(out, iterator.next());
      }
      out.endArray();
    }
  }

  /// A member that is a list of texts; nothing when the list is empty.
  static void texts(JsonWriter out, String name, List<String> texts) {
    list(out, name, texts, JsonWriter::text);
  }

  static void object(JsonWriter out, String name, JsonObject object) {
    if (!object.members().isEmpty()) {
      out.field(name, object);
    }
  }

  static void time(JsonWriter out, String name, @Nullable Long millis) {
    if (millis != null) {
      out.field(name, (long) millis);
    }
  }
}
