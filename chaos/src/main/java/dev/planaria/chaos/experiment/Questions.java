package dev.planaria.chaos.experiment;

import dev.planaria.chaos.client.McpClient;
import dev.planaria.chaos.client.Workload;
import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.state.SessionId;
import java.io.IOException;
import java.time.Instant;

/// What an experiment asks a daemon beside what its callers ask. Each throws an `IOException` when
/// there is no answer, or not the one that was asked for.
final class Questions {

  private Questions() {}

  /// Opens a session of that name.
  static SessionId open(McpClient client, String name) throws IOException, InterruptedException {
    JsonObject opened =
        client.call(
            "session_open",
            JsonObject.builder().put("name", name).put("operation_id", name + "-open").build());
    if (opened.get("session_id") instanceof JsonString(String id)) {
      return SessionId.parse(id);
    }
    throw new IOException("session_open gave no session_id");
  }

  /// How many things the daemon says were wrong with the session when it was recovered last. That
  /// it has lost something is one.
  static long findings(McpClient client, SessionId asked) throws IOException, InterruptedException {
    JsonObject history =
        client.call(
            "recovery_history",
            JsonObject.builder().put("session_id", asked.toString()).put("limit", 1).build());
    return history.get("recoveries") instanceof JsonArray(var recoveries)
        ? recoveries.stream().mapToLong(Questions::findings).sum()
        : 0;
  }

  private static long findings(JsonValue recovery) {
    if (!(recovery instanceof JsonObject record)) {
      return 0;
    }
    boolean lost =
        record.get("operations_lost") instanceof JsonNumber count
            && !JsonNumber.of(0).equals(count);
    long found = record.get("findings") instanceof JsonArray(var findings) ? findings.size() : 0;
    return Math.max(found, lost ? 1 : 0);
  }

  /// The newest time that a daemon has told, Unix time: that of a value which the first caller
  /// stores again and again.
  ///
  /// @throws IOException when it has stored none yet
  static long newestMillis(McpClient client, SessionId session)
      throws IOException, InterruptedException {
    JsonObject found =
        client.call(
            "memory_retrieve",
            JsonObject.builder()
                .put("session_id", session.toString())
                .put("namespace", Workload.NAMESPACE)
                .put("key", Workload.counter(0))
                .build());
    if (found.get("updated_at") instanceof JsonString(String time)) {
      return Instant.parse(time).toEpochMilli();
    }
    throw new IOException("the first caller has stored nothing yet");
  }

  /// What the daemon of a client says of a receipt.
  static String standing(McpClient client, Receipt receipt)
      throws IOException, InterruptedException {
    JsonObject status =
        client.call(
            "session_status",
            JsonObject.builder()
                .put("session_id", receipt.sessionId().toString())
                .put(
                    "receipt",
                    JsonObject.builder()
                        .put("session_id", receipt.sessionId().toString())
                        .put("seq", receipt.seq())
                        .put("hash", receipt.hash().toString())
                        .build())
                .build());
    return status.get("receipt_standing") instanceof JsonString(String standing)
        ? standing
        : "not told";
  }
}
