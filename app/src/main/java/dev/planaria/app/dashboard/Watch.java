package dev.planaria.app.dashboard;

import dev.planaria.app.gateway.connections.Connections;
import dev.planaria.app.gateway.connections.Relay;
import dev.planaria.app.tools.Sessions;
import dev.planaria.app.tools.Views;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.session.SessionSummary;
import dev.planaria.engine.state.ConnectionStatus;
import dev.planaria.engine.state.SessionId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// Looks now and then at what nobody announces (sessions that moved, connections, alerts, KPIs) and
/// tells the feed what is different; while nobody listens it takes figures for the charts and
/// nothing else. [#runOnce] is called by one thread.
public final class Watch {
  /// More sessions than this that moved between two looks are told as a number.
  private static final int TOLD_ONE_BY_ONE = 50;

  private final SessionEngine engine;
  private final Sessions sessions;
  private final Connections connections;
  private final Function<String, Optional<? extends JsonValue>> api;
  private final LongSupplier nowMillis;
  private final DashboardSettings settings;
  private final LiveFeed feed;
  private final Samples samples;
  private final Map<SessionId, SessionSummary> seen = new HashMap<>();
  private final Map<String, ConnectionStatus> standing = new HashMap<>();
  private final Map<String, String> documents = new HashMap<>();
  private boolean looking;
  private long sampledAtMillis;
  private long pulsedAtMillis;
  private long documentsAtMillis;

  /// What is looked at.
  ///
  /// @param api `GET /api/v1/...`
  public record Sources(
      SessionEngine engine,
      Sessions sessions,
      Connections connections,
      Function<String, Optional<? extends JsonValue>> api,
      LongSupplier nowMillis) {}

  Watch(Sources sources, DashboardSettings settings, LiveFeed feed, Samples samples) {
    this.engine = sources.engine();
    this.sessions = sources.sessions();
    this.connections = sources.connections();
    this.api = sources.api();
    this.nowMillis = sources.nowMillis();
    this.settings = settings;
    this.feed = feed;
    this.samples = samples;
  }

  /// One look.
  void runOnce() {
    long now = nowMillis.getAsLong();
    if (now - sampledAtMillis >= settings.sampleMillis()) {
      sampledAtMillis = now;
      samples.add(sample(now));
    }
    if (!feed.isHeard()) {
      looking = false;
      return;
    }
    sessions(looking);
    connections(looking);
    if (!looking || now - documentsAtMillis >= settings.documentMillis()) {
      documentsAtMillis = now;
      document("alerts", LiveFeed.Type.ALERT, looking);
      document("kpis", LiveFeed.Type.KPIS, looking);
    }
    if (now - pulsedAtMillis >= settings.beatMillis()) {
      pulsedAtMillis = now;
      pulse(now);
    }
    looking = true;
  }

  private Samples.Sample sample(long now) {
    var counts = engine.figures().counts();
    var runtime = Runtime.getRuntime();
    return new Samples.Sample(
        now,
        counts.operations(),
        counts.commits(),
        queued(),
        runtime.totalMemory() - runtime.freeMemory());
  }

  private long queued() {
    return connections.all().stream().mapToLong(Watch::queued).sum();
  }

  private static long queued(Relay relay) {
    return relay.connection().status() == ConnectionStatus.CONNECTED ? 0 : relay.queued();
  }

  private void pulse(long now) {
    var counts = engine.figures().counts();
    long queued = queued();
    feed.publish(
        LiveFeed.Type.PULSE,
        () ->
            JsonObject.builder()
                .put("at", now)
                .put("operations", counts.operations())
                .put("frames", counts.commits())
                .put("queued", queued)
                .build());
  }

  /// @param tell false for the first look, which has nothing to compare with
  private void sessions(boolean tell) {
    if (!tell) {
      seen.clear();
    }
    int moved = 0;
    for (SessionSummary summary : sessions.all()) {
      SessionSummary before = seen.put(summary.id(), summary);
      boolean same =
          before != null && before.seq() == summary.seq() && before.status() == summary.status();
      if (!tell || same) {
        continue;
      }
      moved++;
      if (moved <= TOLD_ONE_BY_ONE) {
        feed.publish(LiveFeed.Type.SESSION, () -> Views.summary(summary));
      }
    }
    if (moved > TOLD_ONE_BY_ONE) {
      int all = moved;
      feed.publish(LiveFeed.Type.SESSION, () -> JsonObject.builder().put("moved", all).build());
    }
  }

  private void connections(boolean tell) {
    var present = new HashMap<String, ConnectionStatus>();
    for (Relay relay : connections.all()) {
      var connection = relay.connection();
      String key = relay.session() + "/" + connection.id();
      present.put(key, connection.status());
      if (tell && standing.get(key) != connection.status()) {
        JsonObject.Builder data = JsonObject.builder();
        data.put("session_id", relay.session().toString());
        Views.connection(connection).members().forEach(data::put);
        feed.publish(LiveFeed.Type.CONNECTION, data::build);
      }
    }
    standing.clear();
    standing.putAll(present);
  }

  /// Tells that a document of the API is another one, if this build has it.
  private void document(String path, LiveFeed.Type type, boolean tell) {
    Optional<? extends JsonValue> found = api.apply(path);
    if (found.isEmpty()) {
      return;
    }
    String text = Json.write(found.get());
    String before = documents.put(path, text);
    if (tell && before != null && !before.equals(text)) {
      feed.publish(
          type,
          () ->
              JsonObject.builder()
                  .put("changed", true)
                  .put("at", JsonNumber.of(nowMillis.getAsLong()))
                  .build());
    }
  }
}
