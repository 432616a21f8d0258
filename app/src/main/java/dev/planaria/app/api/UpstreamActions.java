package dev.planaria.app.api;

import dev.planaria.app.gateway.connections.Connections;
import dev.planaria.app.gateway.connections.Relay;
import dev.planaria.app.gateway.connections.ServerFactory;
import dev.planaria.app.tools.Views;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.session.Caller;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.session.SessionSummary;
import dev.planaria.engine.state.Call;
import dev.planaria.engine.state.CallId;
import dev.planaria.engine.state.CallStatus;
import dev.planaria.engine.state.Command;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Function;

/// What an operator does with servers behind Planaria, and with the calls to them:
/// `upstreams/{session}/{server}` brings one, with `/release` it is let go and with `/reconnect`
/// connected anew, with `/record` its calls are recorded for a proposal of a profile;
/// `sessions/{s}/calls` lists calls, with `/cancel` and `/retry` one is taken back or sent again;
/// the same `action_id` again does nothing more. Thread-safe.
public final class UpstreamActions {
  private static final int TEXT_CHARACTERS = 256;

  /// Nobody else comes here.
  private static final String PRINCIPAL = "operator";

  /// A holder that renews less often than this, or more rarely than that, is mistaken.
  private static final long LEAST_LEASE_MILLIS = 1_000;

  private static final long MOST_LEASE_MILLIS = 3_600_000;

  private final SessionEngine engine;
  private final Connections connections;
  private final ServerFactory servers;
  private final Function<String, Optional<SessionSummary>> sessions;
  private final ProfileActions profiles;
  private final ActionId reconnections = new ActionId();

  /// @param engine holds the sessions
  /// @param connections to the servers
  /// @param servers makes servers of what is said of them
  /// @param sessions the session that a segment of a path names
  public UpstreamActions(
      SessionEngine engine,
      Connections connections,
      ServerFactory servers,
      Function<String, Optional<SessionSummary>> sessions) {
    this.engine = engine;
    this.connections = connections;
    this.servers = servers;
    this.sessions = sessions;
    this.profiles = new ProfileActions(engine, connections);
  }

  /// Recordings of calls, and the profiles that are proposed on their strength.
  ProfileActions profiles() {
    return profiles;
  }

  /// All connections that are in use now.
  JsonValue list() {
    return new JsonArray(
        connections.all().stream()
            .sorted(
                Comparator.comparing((Relay relay) -> relay.session().toString())
                    .thenComparing(relay -> relay.connection().id()))
            .<JsonValue>map(this::view)
            .toList());
  }

  private JsonValue view(Relay relay) {
    JsonObject.Builder view = JsonObject.builder();
    view.put("session_id", relay.session().toString());
    view.put(
        "session", engine.find(relay.session().toString()).map(SessionSummary::name).orElse(null));
    Views.connection(relay.connection()).members().forEach(view::put);
    view.put("queued", relay.queued());
    return view.build();
  }

  /// The calls of a session, newest last.
  Optional<JsonValue> calls(String reference) {
    return sessions
        .apply(reference)
        .map(found ->
            new JsonArray(
                engine.view(found.id()).state().calls().values().stream()
                    .sorted(Comparator.comparingLong(Call::order))
                    .<JsonValue>map(Views::call)
                    .toList()));
  }

  /// Does what a path below `/api/v1/` stands for, or nothing when it stands for nothing.
  ///
  /// @throws dev.planaria.engine.json.FieldException when a member of the body breaks a rule
  /// @throws dev.planaria.engine.state.Refusal when it cannot be done
  Optional<JsonObject> post(String path, JsonObject body) {
    String[] parts = path.split("/", -1);
    if (parts[0].equals("upstreams") && parts.length >= 3) {
      String session = SessionActions.decoded(parts[1]);
      String server = SessionActions.decoded(parts[2]);
      return switch (parts.length == 3 ? "" : parts[3]) {
        case "" -> Optional.of(bring(session, server, body));
        case "release" ->
            Optional.of(
                told(
                    "released",
                    connections.release(
                        session, server, Fields.of(body).optionalText("holder", TEXT_CHARACTERS))));
        case "reconnect" ->
            Optional.of(
                told(
                    "reconnecting",
                    reconnections.once(
                        session + '\n' + server,
                        Fields.of(body).optionalText("operation_id", TEXT_CHARACTERS),
                        () -> reconnect(session, server))));
        case "record" -> Optional.of(profiles.record(session, server, Fields.of(body)));
        default -> Optional.empty();
      };
    }
    if (parts[0].equals("sessions") && parts.length == 4 && parts[2].equals("calls")) {
      return sessions.apply(parts[1]).flatMap(found -> call(found, parts[3], Fields.of(body)));
    }
    return Optional.empty();
  }

  private JsonObject bring(String session, String server, JsonObject body) {
    Fields fields = Fields.of(body);
    String holder = fields.optionalText("holder", TEXT_CHARACTERS);
    Long lease = fields.optionalLong("lease_ms", LEAST_LEASE_MILLIS, MOST_LEASE_MILLIS);
    connections.bring(
        session,
        PRINCIPAL,
        servers.of(session, server, body),
        holder == null
            ? null
            : new Connections.Holder(holder, lease == null ? LEAST_LEASE_MILLIS : lease));
    return JsonObject.builder()
        .put("path", "/s/" + encoded(session) + "/u/" + encoded(server) + "/mcp")
        .build();
  }

  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private boolean reconnect(String session, String server) {
    Optional<Relay> relay =
        engine
            .find(session)
            .flatMap(found -> Optional.ofNullable(connections.present(found.id(), server)));
    relay.ifPresent(Relay::reconnect);
    return relay.isPresent();
  }

  private static JsonObject told(String what, boolean done) {
    return JsonObject.builder().put(what, done).build();
  }

  private Optional<JsonObject> call(SessionSummary session, String action, Fields body) {
    var id =
        new CallId(
            body.requiredText("principal", TEXT_CHARACTERS),
            body.requiredText("operation_id", TEXT_CHARACTERS));
    Command command;
    switch (action) {
      case "cancel" ->
          command =
              new Command.MoveCall(id, CallStatus.CANCELLED, null, "the operator took it back");
      case "retry" -> command = new Command.RetryCall(id);
      default -> {
        return Optional.empty();
      }
    }
    engine.submit(
        session.id(),
        command,
        new Caller(PRINCIPAL, body.optionalText("action_id", TEXT_CHARACTERS)));
    Call call = engine.view(session.id()).state().call(id);
    if (call != null) {
      Relay relay = connections.present(session.id(), call.connectionId());
      if (relay != null) {
        relay.drainAgain();
      }
    }
    return Optional.ofNullable(call).map(Views::call);
  }
}
