package dev.planaria.engine.state;

import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonReader;
import dev.planaria.engine.json.JsonSyntaxException;
import dev.planaria.engine.json.JsonWriter;
import dev.planaria.engine.json.WireName;
import dev.planaria.engine.state.StateDelta.Changes;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// A [StateDelta] as one JSON object, for incremental checkpoints and restores: what was put under
/// the names that [StateCodec] uses, what was taken away under `removed_...`. Pure and thread-safe.
public final class StateDeltaCodec {

  private StateDeltaCodec() {}

  /// The delta as UTF-8 JSON.
  public static byte[] encode(StateDelta delta) {
    var out = new JsonWriter();
    write(delta, out);
    return out.toBytes();
  }

  /// Writes the delta as one JSON object.
  static void write(StateDelta delta, JsonWriter out) {
    out.beginObject().field("status", WireName.of(delta.status()));
    RecordWriter.configuration(out.name("configuration"), delta.configuration());
    RecordWriter.list(out, "without_effect", delta.withoutEffect(), RecoveredCodec::range);
    out.field("last_memory_version", delta.lastMemoryVersion())
        .field("memory_bytes", delta.memoryBytes())
        .field("updated_at_ms", delta.updatedAtMillis());
    changes(out, "agents", delta.agents(), RecordWriter::agent, JsonWriter::text);
    changes(out, "tasks", delta.tasks(), RecordWriter::task, JsonWriter::text);
    changes(out, "connections", delta.connections(), ConnectionCodec::connection, JsonWriter::text);
    changes(out, "calls", delta.calls(), CallCodec::call, CallCodec::id);
    changes(out, "memory", delta.memory(), RecordWriter::memoryEntry, RecordWriter::memoryKey);
    out.endObject();
  }

  private static <K, V> void changes(
      JsonWriter out,
      String name,
      Changes<K, V> changes,
      BiConsumer<JsonWriter, V> value,
      BiConsumer<JsonWriter, K> key) {
    RecordWriter.list(out, name, changes.upserts(), value);
    RecordWriter.list(out, "removed_" + name, changes.removals(), key);
  }

  /// Reads what [#encode] wrote.
  ///
  /// @throws UndecodableException when the bytes are anything else
  public static StateDelta decode(byte[] utf8) {
    try {
      var in = JsonReader.of(utf8, JsonLimits.OWN);
      StateDelta delta = read(in);
      in.end();
      return delta;
    } catch (JsonSyntaxException e) {
      throw new UndecodableException("a session's changes are not what they should be", e);
    }
  }

  /// Reads one JSON object that [#write] wrote.
  static StateDelta read(JsonReader in) {
    return new Parts(in).toDelta();
  }

  /// The members of a delta while they are read.
  private static final class Parts {
    private @Nullable SessionStatus status;
    private @Nullable SwarmConfiguration configuration;
    private List<SeqRange> withoutEffect = List.of();
    private @Nullable Long lastMemoryVersion;
    private @Nullable Long memoryBytes;
    private @Nullable Long updatedAt;
    private List<Agent> agents = List.of();
    private List<Task> tasks = List.of();
    private List<Connection> connections = List.of();
    private List<Call> calls = List.of();
    private List<MemoryEntry> memory = List.of();
    private List<String> removedAgents = List.of();
    private List<String> removedTasks = List.of();
    private List<String> removedConnections = List.of();
    private List<CallId> removedCalls = List.of();
    private List<MemoryKey> removedMemory = List.of();

    private Parts(JsonReader in) {
      in.beginObject();
      for (String field = in.nextName(); field != null; field = in.nextName()) {
        read(field, in);
      }
    }

    private void read(String field, JsonReader in) {
      switch (field) {
        case "status" -> status = RecordReader.constant(in, SessionStatus.class);
        case "configuration" -> configuration = RecordReader.configuration(in);
        case "without_effect" -> withoutEffect = RecordReader.list(in, RecoveredCodec::range);
        case "last_memory_version" -> lastMemoryVersion = in.wholeNumber();
        case "memory_bytes" -> memoryBytes = in.wholeNumber();
        case "updated_at_ms" -> updatedAt = in.wholeNumber();
        case "agents" -> agents = RecordReader.list(in, RecordReader::agent);
        case "tasks" -> tasks = RecordReader.list(in, RecordReader::task);
        case "connections" -> connections = RecordReader.list(in, ConnectionCodec::connection);
        case "calls" -> calls = RecordReader.list(in, CallCodec::call);
        case "memory" -> memory = RecordReader.list(in, RecordReader::memoryEntry);
        case "removed_agents" -> removedAgents = RecordReader.texts(in);
        case "removed_tasks" -> removedTasks = RecordReader.texts(in);
        case "removed_connections" -> removedConnections = RecordReader.texts(in);
        case "removed_calls" -> removedCalls = RecordReader.list(in, CallCodec::id);
        case "removed_memory" -> removedMemory = RecordReader.list(in, RecordReader::memoryKey);
        default -> in.skip();
      }
    }

    private StateDelta toDelta() {
      return new StateDelta(
          RecordReader.required(status, "status"),
          RecordReader.required(configuration, "configuration"),
          withoutEffect,
          RecordReader.required(lastMemoryVersion, "last_memory_version"),
          RecordReader.required(memoryBytes, "memory_bytes"),
          RecordReader.required(updatedAt, "updated_at_ms"),
          new Changes<>(agents, removedAgents),
          new Changes<>(tasks, removedTasks),
          new Changes<>(connections, removedConnections),
          new Changes<>(calls, removedCalls),
          new Changes<>(memory, removedMemory));
    }
  }
}
