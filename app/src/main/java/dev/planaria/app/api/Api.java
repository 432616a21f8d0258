package dev.planaria.app.api;

import dev.planaria.app.tools.SessionResources;
import dev.planaria.app.tools.Sessions;
import dev.planaria.app.tools.Views;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.session.SessionSummary;
import dev.planaria.engine.state.SessionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What `GET /api/v1/...` answers to the operator: `status`, `sessions`, `sessions/{s}`,
/// `sessions/{s}/checkpoints`, `sessions/{s}/recoveries`, `sessions/{s}/journal/{from}/{limit}`,
/// `recoveries`, `upstreams`, `recordings`, `upstreams/{s}/{server}/profile` (a proposal), and what
/// its parts answer. Sessions are named by id or name. Lease tokens are left out. Thread-safe.
public final class Api {
  private static final int RUNS = 100;
  private static final int RECORDS = 100;

  /// A session may hold a hundred thousand tasks; who wants all pages through the tools.
  private static final int SHOWN = 10_000;

  /// A page of the journal; an operation may be as large as a message.
  private static final int MOST_ENTRIES = 10_000;

  private final SessionEngine engine;
  private final Sessions sessions;
  private final WorkerSelf self;
  private final SessionActions actions;
  private final UpstreamActions upstreams;
  private final List<ApiPart> parts;

  /// What the worker says of itself.
  ///
  /// @param version of this program
  /// @param pid of this process
  /// @param startedAtMillis Unix time
  public record WorkerSelf(String version, long pid, long startedAtMillis) {}

  /// @param engine holds the sessions
  /// @param sessions those that callers may see
  /// @param self what the worker says of itself
  /// @param actions what can be done besides asking
  /// @param upstreams the same for servers behind Planaria
  /// @param parts what else is answered
  public Api(
      SessionEngine engine,
      Sessions sessions,
      WorkerSelf self,
      SessionActions actions,
      UpstreamActions upstreams,
      List<ApiPart> parts) {
    this.parts = List.copyOf(parts);
    this.upstreams = upstreams;
    this.actions = actions;
    this.engine = engine;
    this.sessions = sessions;
    this.self = self;
  }

  /// Does what a path below `/api/v1/` stands for, or nothing when it stands for nothing.
  ///
  /// @param stamp the front's name for the request, or null: where the caller gave no operation id,
  ///   the stamp is it, so that a request that the front sends again does its work once
  /// @throws FieldException when a member of the body breaks a rule
  /// @throws dev.planaria.engine.state.Refusal when it cannot be done; nothing was changed
  public Optional<JsonObject> post(String path, JsonObject given, @Nullable String stamp) {
    JsonObject body = ActionId.named(path, given, stamp);
    return upstreams
        .post(path, body)
        .or(() -> actions.post(path, body))
        .or(() -> parts.stream().flatMap(part -> part.post(path, body).stream()).findFirst());
  }

  /// As [#get(String)], with what follows the question mark, which pages use.
  ///
  /// @throws FieldException when a parameter breaks a rule
  public Optional<? extends JsonValue> get(String path, String query) {
    for (ApiPart part : parts) {
      Optional<? extends JsonValue> found = part.get(path, query);
      if (found.isPresent()) {
        return found;
      }
    }
    return own(path);
  }

  /// The JSON at a path below `/api/v1/`, or nothing when nothing is there.
  public Optional<? extends JsonValue> get(String path) {
    return get(path, "");
  }

  private Optional<JsonValue> own(String path) {
    String[] names = path.split("/", -1);
    return switch (names.length) {
      case 1 ->
          switch (names[0]) {
            case "status" -> Optional.of(status());
            case "sessions" -> Optional.of(list(sessions.all(), Views::summary));
            case "upstreams" -> Optional.of(upstreams.list());
            case "recordings" -> Optional.of(upstreams.profiles().list());
            case "recoveries" ->
                Optional.of(list(sessions.runs(engine.recoveryRuns(RUNS)), run -> run));
            default -> Optional.empty();
          };
      case 2 ->
          switch (names[0]) {
            case "sessions" ->
                actions
                    .find(names[1])
                    .map(found -> SessionResources.document(engine.view(found.id()), SHOWN));
            default -> Optional.empty();
          };
      case 3 -> names[0].equals("sessions") ? ofSession(names[1], names[2]) : Optional.empty();
      case 4 ->
          names[0].equals("upstreams") && names[3].equals("profile")
              ? Optional.of(
                  upstreams
                      .profiles()
                      .proposal(SessionActions.decoded(names[1]), SessionActions.decoded(names[2])))
              : Optional.empty();
      case 5 ->
          names[0].equals("sessions") && names[2].equals("journal")
              ? actions.find(names[1]).flatMap(found -> journal(found.id(), names[3], names[4]))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private Optional<JsonValue> journal(SessionId session, String from, String limit) {
    try {
      long first = Long.parseLong(from);
      int most = Integer.parseInt(limit);
      if (first < 1 || most < 1 || most > MOST_ENTRIES) {
        return Optional.empty();
      }
      var entries = new ArrayList<JsonValue>();
      engine.journal(session, first, most, entry -> entries.add(StoreViews.entry(entry)));
      return Optional.of(new JsonArray(entries));
    } catch (NumberFormatException e) {
      return Optional.empty(); // no such page
    }
  }

  private Optional<JsonValue> ofSession(String reference, String part) {
    return switch (part) {
      case "checkpoints" ->
          actions
              .find(reference)
              .map(found -> list(engine.checkpoints(found.id()), Views::checkpoint));
      case "recoveries" ->
          actions
              .find(reference)
              .map(found -> list(engine.recoveries(found.id(), RECORDS), Views::recovery));
      case "calls" -> upstreams.calls(reference);
      default -> Optional.empty();
    };
  }

  private JsonObject status() {
    List<SessionSummary> all = sessions.all();
    return JsonObject.builder()
        .put("version", self.version())
        .put("pid", self.pid())
        .put("started_at_ms", self.startedAtMillis())
        .put("sessions", all.size())
        .put("resident_sessions", all.stream().filter(SessionSummary::resident).count())
        .put(
            "last_recovery",
            sessions.runs(engine.recoveryRuns(1)).stream().findFirst().orElse(null))
        .put("scrub", engine.scrubbed().map(StoreViews::scrub).orElse(null))
        .build();
  }

  private static <T> JsonValue list(List<T> things, Function<T, JsonObject> view) {
    return new JsonArray(things.stream().<JsonValue>map(view).toList());
  }
}
