package dev.planaria.app.api;

import dev.planaria.app.gateway.connections.Connections;
import dev.planaria.app.gateway.connections.Relay;
import dev.planaria.app.tools.Sessions;
import dev.planaria.app.tools.Views;
import dev.planaria.chaos.report.ReportFolder;
import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.json.WireName;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.session.SessionSummary;
import dev.planaria.engine.state.ConnectionStatus;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What pages ask for besides what the command line does: `overview`, `search`, `queues`,
/// `recovery-records`, `chaos`, and of a session `page`, `timeline`, `transitions` and `preview`;
/// `POST sessions/{s}/checkpoint` takes a checkpoint. Every answer is bounded. Thread-safe.
public final class Pages implements ApiPart {
  private static final int TEXT_CHARACTERS = 256;
  private static final int RUNS = 5;
  private static final int QUARANTINED_SHOWN = 100;

  private final SessionEngine engine;
  private final Sessions sessions;
  private final Connections connections;
  private final Function<String, Optional<SessionSummary>> find;
  private final SessionPages pages;
  private final ChaosReports reports;
  private final Queues queues;
  private final RecoveryPages records;

  /// @param find a session by the percent-encoded name or id in a path
  /// @param directory the data directory
  public Pages(
      SessionEngine engine,
      Sessions sessions,
      Connections connections,
      Function<String, Optional<SessionSummary>> find,
      Path directory) {
    this.engine = engine;
    this.sessions = sessions;
    this.connections = connections;
    this.find = find;
    this.pages = new SessionPages(engine, sessions);
    this.records = new RecoveryPages(engine.figures());
    this.reports = new ChaosReports(new ReportFolder(directory.resolve(ReportFolder.NAME)));
    this.queues = new Queues(engine, connections);
  }

  /// The JSON at a path below `/api/v1/`, or nothing when nothing is there.
  ///
  /// @param query what follows the question mark
  /// @throws dev.planaria.engine.json.FieldException when a parameter breaks a rule
  @Override
  public Optional<? extends JsonValue> get(String path, String query) {
    String[] parts = path.split("/", -1);
    return switch (parts.length) {
      case 1 ->
          switch (parts[0]) {
            case "overview" -> Optional.of(overview());
            case "search" -> Optional.of(pages.search(query));
            case "queues" -> Optional.of(queues.toJson());
            case "recovery-records" -> Optional.of(records.page(query));
            case "chaos" -> Optional.of(reports.list());
            default -> Optional.empty();
          };
      case 2 -> parts[0].equals("chaos") ? reports.report(parts[1]) : Optional.empty();
      case 3 ->
          switch (parts[0]) {
            case "sessions" -> find.apply(parts[1]).flatMap(found -> of(found, parts[2], query));
            case "chaos" -> reports.run(parts[1], parts[2]);
            default -> Optional.empty();
          };
      default -> Optional.empty();
    };
  }

  private Optional<JsonObject> of(SessionSummary session, String part, String query) {
    return switch (part) {
      case "page" -> Optional.of(pages.page(session));
      case "timeline" -> Optional.of(pages.timeline(session, query));
      case "transitions" -> Optional.of(pages.transitions(session));
      case "preview" -> Optional.of(pages.preview(session, query));
      default -> Optional.empty();
    };
  }

  /// Does what a path below `/api/v1/` stands for, or nothing when it stands for nothing.
  ///
  /// @throws dev.planaria.engine.json.FieldException when a member of the body breaks a rule
  @Override
  public Optional<JsonObject> post(String path, JsonObject body) {
    String[] parts = path.split("/", -1);
    if (parts.length != 3 || !parts[0].equals("sessions") || !parts[2].equals("checkpoint")) {
      return Optional.empty();
    }
    return find.apply(parts[1])
        .map(session -> {
          Fields fields = Fields.of(body);
          String label = fields.optionalText("label", TEXT_CHARACTERS);
          fields.refuseUnknown();
          return Views.checkpoint(
              taken(session, label).orElseGet(() -> engine.checkpoint(session.id(), label)));
        });
  }

  /// The checkpoint that is asked for, when it is there already: whoever asks again because the
  /// answer was lost gets no second one.
  private Optional<CheckpointInfo> taken(SessionSummary session, @Nullable String label) {
    return engine.checkpoints(session.id()).stream()
        .findFirst()
        .filter(newest ->
            newest.verified()
                && newest.seq() == session.seq()
                && Objects.equals(newest.label(), label));
  }

  private JsonObject overview() {
    List<SessionSummary> all = sessions.all();
    Map<ConnectionStatus, Long> standing = new EnumMap<>(ConnectionStatus.class);
    long queued = 0;
    for (Relay relay : connections.all()) {
      standing.merge(relay.connection().status(), 1L, Long::sum);
      queued += relay.queued();
    }
    JsonObject.Builder connected = JsonObject.builder();
    standing.forEach((status, count) -> connected.put(WireName.of(status), count));
    return JsonObject.builder()
        .put("sessions", all.size())
        .put("resident_sessions", all.stream().filter(SessionSummary::resident).count())
        .put("sessions_by_status", SessionPages.byStatus(all))
        .put("connections_by_status", connected.build())
        .put("queued", queued)
        .put("operations", engine.figures().counts().operations())
        .put("runs", list(sessions.runs(engine.recoveryRuns(RUNS)), run -> run))
        .put(
            "quarantined",
            list(
                all.stream()
                    .filter(summary -> WireName.of(summary.status()).equals("quarantined"))
                    .limit(QUARANTINED_SHOWN)
                    .toList(),
                Views::summary))
        .build();
  }

  private static <T> JsonArray list(List<T> things, Function<T, JsonObject> view) {
    return new JsonArray(
        things.stream().<JsonValue>map(thing -> Shortened.of(view.apply(thing))).toList());
  }
}
