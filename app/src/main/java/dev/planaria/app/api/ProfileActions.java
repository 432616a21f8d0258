package dev.planaria.app.api;

import dev.planaria.app.gateway.connections.Ask;
import dev.planaria.app.gateway.connections.Connections;
import dev.planaria.app.gateway.connections.Outlet;
import dev.planaria.app.gateway.connections.Recordings;
import dev.planaria.app.gateway.connections.Relay;
import dev.planaria.app.gateway.connections.ServerDefinition;
import dev.planaria.app.gateway.replay.Profile;
import dev.planaria.app.gateway.replay.ProfileProposal;
import dev.planaria.app.gateway.upstreams.RawAnswer;
import dev.planaria.app.gateway.upstreams.ServerEntry;
import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.json.WireName;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.session.SessionSummary;
import dev.planaria.engine.state.CallId;
import dev.planaria.engine.state.Era;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.SessionId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Recordings of calls to servers, and the profiles that are proposed on their strength.
/// Thread-safe.
final class ProfileActions {
  /// More pages of tools than any server has.
  private static final int PAGES = 50;

  private static final String WARNING =
      "Replaying a call runs it again: list in `replay` only tools for which that is what you"
          + " want.";

  private final SessionEngine engine;
  private final Connections connections;

  /// What is done with a recording.
  private enum Action {
    START,
    STOP,
    FORGET
  }

  ProfileActions(SessionEngine engine, Connections connections) {
    this.engine = engine;
    this.connections = connections;
  }

  /// All recordings, oldest first.
  JsonValue list() {
    return new JsonArray(
        connections.recordings().all().stream().<JsonValue>map(this::view).toList());
  }

  private JsonObject view(Recordings.View recording) {
    Long until = recording.untilMillis();
    return JsonObject.builder()
        .put("server", recording.server())
        .put("session_id", recording.session().toString())
        .put(
            "session",
            engine.find(recording.session().toString()).map(SessionSummary::name).orElse(null))
        .put("since", Instant.ofEpochMilli(recording.sinceMillis()).toString())
        .put("until", until == null ? null : Instant.ofEpochMilli(until).toString())
        .put("calls", recording.calls())
        .put("full", recording.full())
        .build();
  }

  /// Begins, ends or forgets a recording: the member `action` says which.
  ///
  /// @param session by name or id
  /// @throws Refusal when the session or server is not known, or it cannot be done
  JsonObject record(String session, String server, Fields body) {
    Action action = body.requiredEnum("action", Action.class);
    body.refuseUnknown();
    Recordings recordings = connections.recordings();
    SessionId home = home(session, server);
    return view(
        switch (action) {
          case START -> recordings.start(home, server);
          case STOP -> recordings.stop(home, server);
          case FORGET -> recordings.forget(home, server);
        });
  }

  private SessionId home(String session, String server) {
    SessionId found =
        engine
            .find(session)
            .map(SessionSummary::id)
            .orElseThrow(() -> unknown("there is no session of that name or id"));
    return connections
        .home(found, server)
        .orElseThrow(() ->
            unknown(
                "the session has no server of that name; planaria upstreams lists those that are"
                    + " in use"));
  }

  private static Refusal unknown(String sentence) {
    return new Refusal(Refusal.Code.NOT_FOUND, sentence);
  }

  /// The profile that is proposed for a server: `planaria` as it goes into its entry, `reasons`,
  /// `unknowns` and a `warning`.
  ///
  /// @param session by name or id
  /// @throws Refusal when the session or server is not known, or nothing was recorded
  JsonObject proposal(String session, String server) {
    SessionId home = home(session, server);
    Recordings.View recording = connections.recordings().of(home, server);
    Optional<ServerDefinition> definition = connections.definition(home, server);
    ProfileProposal proposal =
        connections
            .recordings()
            .propose(
                home,
                server,
                definition.map(ServerDefinition::profile).orElse(Profile.NONE),
                listed(connections.present(home, server)));
    JsonObject.Builder planaria = JsonObject.builder();
    if (definition.isPresent() && definition.get().scope() == ServerEntry.Scope.SHARED) {
      planaria.put("scope", WireName.of(ServerEntry.Scope.SHARED));
    }
    proposal.profile().toJson().members().forEach(planaria::put);
    return JsonObject.builder()
        .put("recording", view(recording))
        .put("planaria", planaria.build())
        .put(
            "reasons",
            new JsonArray(
                proposal.reasons().stream().<JsonValue>map(ProfileActions::reason).toList()))
        .put("unknowns", JsonArray.ofStrings(proposal.unknowns()))
        .put("warning", WARNING)
        .build();
  }

  private static JsonObject reason(ProfileProposal.Reason reason) {
    return JsonObject.builder()
        .put("member", reason.member())
        .put("entry", reason.entry())
        .put("why", reason.why())
        .build();
  }

  /// The tools of a server that is in use, with what it says of each; empty when it does not say.
  private static Map<String, JsonObject> listed(@Nullable Relay relay) {
    var tools = new HashMap<String, JsonObject>();
    RawObject page = RawObject.EMPTY;
    for (int i = 0; relay != null && i < PAGES; i++) {
      var ask =
          new Ask(
              new CallId("planaria", "tools of a proposal"),
              "tools/list",
              page,
              Era.LEGACY,
              Outlet.NONE);
      if (!(relay.request(ask) instanceof RawAnswer.Result(RawObject result))) {
        break;
      }
      if (result.value("tools") instanceof JsonArray(var listed)) {
        listed.forEach(tool -> add(tool, tools));
      }
      String cursor = result.text("nextCursor");
      if (cursor == null) {
        break;
      }
      page = RawObject.EMPTY.with("cursor", new JsonString(cursor));
    }
    return tools;
  }

  private static void add(JsonValue tool, Map<String, JsonObject> tools) {
    if (tool instanceof JsonObject described
        && described.get("name") instanceof JsonString(var name)) {
      tools.put(
          name, described.get("annotations") instanceof JsonObject said ? said : JsonObject.EMPTY);
    }
  }
}
