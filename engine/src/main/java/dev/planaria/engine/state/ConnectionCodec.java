package dev.planaria.engine.state;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonReader;
import dev.planaria.engine.json.JsonWriter;
import dev.planaria.engine.json.WireName;
import org.jspecify.annotations.Nullable;

/// Connections to JSON and back, in the forms that [RecordWriter] describes. Pure and thread-safe.
final class ConnectionCodec {

  private ConnectionCodec() {}

  /// The member `connection`; nothing when there is none.
  static void ifGiven(JsonWriter out, @Nullable Connection connection) {
    if (connection != null) {
      connection(out.name("connection"), connection);
    }
  }

  static void connection(JsonWriter out, Connection connection) {
    out.beginObject()
        .field("connection_id", connection.id())
        .field("transport", WireName.of(connection.transport()))
        .field("era", WireName.of(connection.era()))
        .field("status", WireName.of(connection.status()));
    RecordWriter.object(out, "capabilities", connection.capabilities());
    out.field("consecutive_failures", connection.consecutiveFailures())
        .field("last_heartbeat_ms", connection.lastHeartbeatMillis())
        .field("updated_at_ms", connection.updatedAtMillis());
    Connection.Standing standing = connection.standing();
    out.field("reason", standing.reason())
        .field("since_ms", standing.sinceMillis())
        .field("attempts", standing.attempts());
    RecordWriter.time(out, "next_attempt_ms", standing.nextAttemptMillis());
    RecordWriter.time(out, "offline_since_ms", standing.offlineSinceMillis());
    RecordWriter.time(out, "lost_since_ms", standing.lostSinceMillis());
    Connection.Memory memory = connection.memory();
    out.field("upstream_session", memory.session());
    RecordWriter.object(out, "bindings", memory.bindings());
    out.field("replay_incomplete", memory.replayIncomplete())
        .field("losses", memory.losses())
        .field("losses_announced", memory.lossesAnnounced());
    RecordWriter.object(out, "asked", memory.asked());
    out.endObject();
  }

  static Connection connection(JsonReader in) {
    String id = null;
    Transport transport = null;
    Era era = null;
    ConnectionStatus status = null;
    JsonObject capabilities = JsonObject.EMPTY;
    Long failures = null;
    Long lastHeartbeat = null;
    Long updatedAt = null;
    String reason = null;
    Long since = null;
    Long attempts = null;
    Long nextAttempt = null;
    Long offlineSince = null;
    Long lostSince = null;
    String session = null;
    JsonObject bindings = JsonObject.EMPTY;
    String incomplete = null;
    Long losses = null;
    Long lossesAnnounced = null;
    JsonObject asked = JsonObject.EMPTY;
    in.beginObject();
    for (String field = in.nextName(); field != null; field = in.nextName()) {
      switch (field) {
        case "connection_id" -> id = in.text();
        case "transport" -> transport = RecordReader.constant(in, Transport.class);
        case "era" -> era = RecordReader.constant(in, Era.class);
        case "status" -> status = RecordReader.constant(in, ConnectionStatus.class);
        case "capabilities" -> capabilities = in.object();
        case "consecutive_failures" -> failures = in.wholeNumber();
        case "last_heartbeat_ms" -> lastHeartbeat = in.wholeNumber();
        case "updated_at_ms" -> updatedAt = in.wholeNumber();
        case "reason" -> reason = in.text();
        case "since_ms" -> since = in.wholeNumber();
        case "attempts" -> attempts = in.wholeNumber();
        case "next_attempt_ms" -> nextAttempt = in.wholeNumber();
        case "offline_since_ms" -> offlineSince = in.wholeNumber();
        case "lost_since_ms" -> lostSince = in.wholeNumber();
        case "upstream_session" -> session = in.text();
        case "bindings" -> bindings = in.object();
        case "replay_incomplete" -> incomplete = in.text();
        case "losses" -> losses = in.wholeNumber();
        case "losses_announced" -> lossesAnnounced = in.wholeNumber();
        case "asked" -> asked = in.object();
        default -> in.skip();
      }
    }
    return new Connection(
        RecordReader.required(id, "connection_id"),
        RecordReader.required(transport, "transport"),
        RecordReader.required(era, "era"),
        RecordReader.required(status, "status"),
        capabilities,
        RecordReader.small(failures, "consecutive_failures"),
        RecordReader.required(lastHeartbeat, "last_heartbeat_ms"),
        RecordReader.required(updatedAt, "updated_at_ms"),
        new Connection.Standing(
            RecordReader.required(reason, "reason"),
            RecordReader.required(since, "since_ms"),
            RecordReader.small(attempts, "attempts"),
            nextAttempt,
            offlineSince,
            lostSince),
        new Connection.Memory(
            session,
            bindings,
            incomplete,
            RecordReader.required(losses, "losses"),
            RecordReader.required(lossesAnnounced, "losses_announced"),
            asked));
  }
}
