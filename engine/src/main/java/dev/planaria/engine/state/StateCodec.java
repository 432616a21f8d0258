package dev.planaria.engine.state;

import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonReader;
import dev.planaria.engine.json.JsonSyntaxException;
import dev.planaria.engine.json.JsonWriter;
import dev.planaria.engine.json.WireName;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/// A whole session as one JSON object, for checkpoints. Written and read in pieces, so that a large
/// session needs no second copy in memory. Equal states give equal bytes. Pure and thread-safe.
public final class StateCodec {

  private StateCodec() {}

  /// Writes the state as UTF-8 JSON; does not close the stream.
  ///
  /// @throws java.io.UncheckedIOException when the stream fails
  public static void encode(SessionState state, OutputStream utf8) {
    var out = new JsonWriter(utf8);
    write(state, out);
    out.flush();
  }

  /// The state as UTF-8 JSON.
  public static byte[] encode(SessionState state) {
    var out = new JsonWriter();
    write(state, out);
    return out.toBytes();
  }

  /// Reads what [#encode] wrote. Members that are not known are ignored.
  ///
  /// @throws UndecodableException when the bytes are anything else
  /// @throws java.io.UncheckedIOException when the stream cannot be read
  public static SessionState decode(InputStream utf8) {
    return decode(() -> JsonReader.of(utf8, JsonLimits.OWN));
  }

  /// As [#decode(InputStream)].
  public static SessionState decode(byte[] utf8) {
    return decode(() -> JsonReader.of(utf8, JsonLimits.OWN));
  }

  private static SessionState decode(Supplier<JsonReader> source) {
    try {
      var in = source.get();
      SessionState state = read(in);
      in.end();
      return state;
    } catch (JsonSyntaxException e) {
      throw new UndecodableException("a session's state is not what it should be", e);
    }
  }

  /// Reads one JSON object that [#write] wrote.
  static SessionState read(JsonReader in) {
    return new Parts(in).toState();
  }

  /// Writes the state as one JSON object.
  static void write(SessionState state, JsonWriter out) {
    out.beginObject()
        .field("session_id", state.id().toString())
        .field("name", state.name())
        .field("status", WireName.of(state.status()))
        .field("parent", state.parent() == null ? null : state.parent().toString());
    if (state.history().idBase() != 0) {
      out.field("id_base", state.history().idBase());
    }
    RecordWriter.list(
        out, "without_effect", state.history().withoutEffect(), RecoveredCodec::range);
    RecordWriter.configuration(out.name("configuration"), state.configuration());
    out.field("last_memory_version", state.lastMemoryVersion())
        .field("memory_bytes", state.memoryBytes())
        .field("created_at_ms", state.createdAtMillis())
        .field("updated_at_ms", state.updatedAtMillis());
    RecordWriter.list(out, "agents", state.agents().values(), RecordWriter::agent);
    RecordWriter.list(out, "tasks", state.tasks().values(), RecordWriter::task);
    RecordWriter.list(
        out, "connections", state.connections().values(), ConnectionCodec::connection);
    RecordWriter.list(out, "calls", state.calls().values(), CallCodec::call);
    RecordWriter.list(out, "memory", state.memory().values(), RecordWriter::memoryEntry);
    out.endObject();
  }

  /// The members of a state while they are read.
  private static final class Parts {
    private @Nullable SessionId id;
    private @Nullable String name;
    private @Nullable SessionStatus status;
    private @Nullable SessionId parent;
    private long idBase;
    private List<SeqRange> withoutEffect = List.of();
    private @Nullable SwarmConfiguration configuration;
    private @Nullable Long lastMemoryVersion;
    private @Nullable Long memoryBytes;
    private @Nullable Long createdAt;
    private @Nullable Long updatedAt;
    private final TreeMap<String, Agent> agents = new TreeMap<>(CreationOrder.OLDEST_FIRST);
    private final TreeMap<String, Task> tasks = new TreeMap<>(CreationOrder.OLDEST_FIRST);
    private final TreeMap<String, Connection> connections = new TreeMap<>();
    private final TreeMap<CallId, Call> calls = new TreeMap<>();
    private final TreeMap<MemoryKey, MemoryEntry> memory = new TreeMap<>();

    private Parts(JsonReader in) {
      in.beginObject();
      for (String field = in.nextName(); field != null; field = in.nextName()) {
        read(field, in);
      }
    }

    private void read(String field, JsonReader in) {
      switch (field) {
        case "session_id" -> id = RecordReader.sessionId(in);
        case "name" -> name = in.text();
        case "status" -> status = RecordReader.constant(in, SessionStatus.class);
        case "parent" -> parent = RecordReader.sessionId(in);
        case "id_base" -> idBase = in.wholeNumber();
        case "without_effect" -> withoutEffect = RecordReader.list(in, RecoveredCodec::range);
        case "configuration" -> configuration = RecordReader.configuration(in);
        case "last_memory_version" -> lastMemoryVersion = in.wholeNumber();
        case "memory_bytes" -> memoryBytes = in.wholeNumber();
        case "created_at_ms" -> createdAt = in.wholeNumber();
        case "updated_at_ms" -> updatedAt = in.wholeNumber();
        case "agents", "tasks", "connections", "calls", "memory" -> readItems(field, in);
        default -> in.skip();
      }
    }

    private void readItems(String field, JsonReader in) {
      in.beginArray();
      while (in.nextItem()) {
        switch (field) {
          case "agents" -> {
            Agent agent = RecordReader.agent(in);
            agents.put(agent.id(), agent);
          }
          case "tasks" -> {
            Task task = RecordReader.task(in);
            tasks.put(task.id(), task);
          }
          case "connections" -> {
            Connection connection = ConnectionCodec.connection(in);
            connections.put(connection.id(), connection);
          }
          case "calls" -> {
            Call call = CallCodec.call(in);
            calls.put(call.id(), call);
          }
          default -> {
            MemoryEntry entry = RecordReader.memoryEntry(in);
            memory.put(entry.key(), entry);
          }
        }
      }
    }

    private SessionState toState() {
      return new SessionState(
          RecordReader.required(id, "session_id"),
          RecordReader.required(name, "name"),
          RecordReader.required(status, "status"),
          new History(parent, idBase, withoutEffect),
          RecordReader.required(configuration, "configuration"),
          TreePMap.fromSortedMap(agents),
          TreePMap.fromSortedMap(tasks),
          TreePMap.fromSortedMap(connections),
          TreePMap.fromSortedMap(calls),
          TreePMap.fromSortedMap(memory),
          RecordReader.required(lastMemoryVersion, "last_memory_version"),
          RecordReader.required(memoryBytes, "memory_bytes"),
          RecordReader.required(createdAt, "created_at_ms"),
          RecordReader.required(updatedAt, "updated_at_ms"),
          Indexes.of(agents, tasks, connections, calls, memory));
    }
  }
}
