package dev.planaria.app.api;

import dev.planaria.app.gateway.connections.Connections;
import dev.planaria.app.gateway.connections.Relay;
import dev.planaria.app.tools.Views;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.session.SessionSummary;
import dev.planaria.engine.state.Call;
import dev.planaria.engine.state.ConnectionStatus;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionStatus;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What waits for each server, and what runs there: `queues`. Wakes no session that is on disk, and
/// a session that is refused is a line with its reason. Thread-safe.
final class Queues {
  /// A page holds no more connections than anybody reads; those with trouble come first.
  private static final int CONNECTIONS_SHOWN = 200;

  private static final int CALLS_SHOWN = 100;

  private final SessionEngine engine;
  private final Connections connections;

  Queues(SessionEngine engine, Connections connections) {
    this.engine = engine;
    this.connections = connections;
  }

  /// A connection with what is asked of it only once.
  private record Row(Relay relay, long queued) {
    boolean isCalm() {
      return queued == 0 && relay.connection().status() == ConnectionStatus.CONNECTED;
    }
  }

  /// All that are shown, how many there are, and how many of them are left out.
  JsonObject toJson() {
    List<Row> rows =
        connections.all().stream()
            .map(relay -> new Row(relay, relay.queued()))
            .sorted(
                Comparator.comparing(Row::isCalm)
                    .thenComparing(row -> row.relay().session().toString())
                    .thenComparing(row -> row.relay().connection().id()))
            .toList();
    int shown = Math.min(rows.size(), CONNECTIONS_SHOWN);
    return JsonObject.builder()
        .put(
            "queues",
            new JsonArray(rows.subList(0, shown).stream().<JsonValue>map(this::row).toList()))
        .put("total", rows.size())
        .put("more", rows.size() - shown)
        .build();
  }

  private JsonObject row(Row row) {
    Relay relay = row.relay();
    SessionId session = relay.session();
    Optional<SessionSummary> summary = engine.find(session.toString());
    Optional<List<Call>> open = relay.openCalls();
    JsonObject.Builder json = JsonObject.builder();
    json.put("session_id", session.toString());
    json.put("session", summary.map(SessionSummary::name).orElse(null));
    Views.connection(relay.connection()).members().forEach(json::put);
    List<Call> calls = open.orElse(List.of());
    return json.put("queued", row.queued())
        .put("on_disk", open.isEmpty())
        .put("problem", problem(session, summary.orElse(null)))
        .put("calls_in_all", calls.size())
        .put(
            "calls",
            new JsonArray(
                calls.stream()
                    .limit(CALLS_SHOWN)
                    .<JsonValue>map(call -> Shortened.of(Views.call(call)))
                    .toList()))
        .build();
  }

  /// Why nothing can be done with the session's connections, in a sentence, or null.
  private @Nullable String problem(SessionId session, @Nullable SessionSummary summary) {
    if (summary == null) {
      return "the session is not there any more";
    }
    if (summary.status() != SessionStatus.QUARANTINED) {
      return null;
    }
    String reason =
        engine.recoveries(session, 1).stream()
            .findFirst()
            .map(RecoveryRecord::reason)
            .orElse("its recovery wrote no reason down");
    return "the session is quarantined: " + reason;
  }
}
