package dev.planaria.app.tools;

import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.session.SessionSummary;
import dev.planaria.engine.session.SessionView;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// Each session as an MCP resource, `planaria://sessions/{session_id}`: a JSON document of where it
/// stands, for clients that show resources to people or attach them to a conversation. Thread-safe.
public final class SessionResources {
  private static final String PREFIX = "planaria://sessions/";
  private static final String JSON = "application/json";
  private static final int SHOWN = 100;

  private final Sessions sessions;

  /// @param sessions the sessions that callers may see
  public SessionResources(Sessions sessions) {
    this.sessions = sessions;
  }

  /// The answer to `resources/list`.
  ///
  /// @throws dev.planaria.engine.json.FieldException when the cursor is none
  public JsonObject list(JsonObject params) {
    String cursor = Page.cursor(Fields.of(params));
    Iterator<SessionSummary> rest =
        sessions.all().stream()
            .filter(summary -> cursor == null || summary.id().toString().compareTo(cursor) > 0)
            .iterator();
    Page page =
        Page.of(rest, SHOWN, SessionResources::resource, summary -> summary.id().toString());
    return JsonObject.builder()
        .put("resources", new JsonArray(page.items()))
        .put("nextCursor", page.nextCursor())
        .build();
  }

  private static JsonObject resource(SessionSummary summary) {
    return JsonObject.builder()
        .put("uri", PREFIX + summary.id())
        .put("name", summary.name())
        .put("title", "Session " + summary.name())
        .put("description", "Where the session stands: its agents, tasks and memory")
        .put("mimeType", JSON)
        .build();
  }

  /// The answer to `resources/templates/list`.
  public JsonObject templates() {
    JsonObject template =
        JsonObject.builder()
            .put("uriTemplate", PREFIX + "{session_id}")
            .put("name", "session")
            .put("title", "A session by its id")
            .put("description", "Where the session stands: its agents, tasks and memory")
            .put("mimeType", JSON)
            .build();
    return JsonObject.builder().put("resourceTemplates", new JsonArray(List.of(template))).build();
  }

  /// The answer to `resources/read`, or nothing when there is no such resource.
  public Optional<JsonObject> read(String uri) {
    if (!uri.startsWith(PREFIX)) {
      return Optional.empty();
    }
    return sessions
        .find(uri.substring(PREFIX.length()))
        .map(summary -> sessions.engine().view(summary.id()))
        .map(view -> contents(uri, view));
  }

  private static JsonObject contents(String uri, SessionView view) {
    JsonObject content =
        JsonObject.builder()
            .put("uri", uri)
            .put("mimeType", JSON)
            .put("text", Json.write(document(view, SHOWN)))
            .build();
    return JsonObject.builder().put("contents", new JsonArray(List.of(content))).build();
  }

  /// A session as one JSON document.
  ///
  /// @param most how many agents, tasks and memory keys to show
  public static JsonObject document(SessionView view, int most) {
    var state = view.state();
    List<JsonValue> agents =
        state.agents().values().stream().limit(most).<JsonValue>map(Views::agent).toList();
    List<JsonValue> tasks =
        state.tasks().values().stream().limit(most).<JsonValue>map(Views::task).toList();
    List<JsonValue> memory =
        state.memory().values().stream().limit(most).<JsonValue>map(Views::memory).toList();
    List<JsonValue> connections =
        state.connections().values().stream()
            .limit(most)
            .<JsonValue>map(Views::connection)
            .toList();
    return Views.session(state)
        .put("counts", Views.counts(state))
        .put("configuration", Views.configuration(state.configuration()))
        .put(
            "head",
            JsonObject.builder()
                .put("seq", view.head().seq())
                .put("hash", view.head().hash().toString())
                .build())
        .put("created_at", Views.time(state.createdAtMillis()))
        .put("updated_at", Views.time(state.updatedAtMillis()))
        .put("agents", new JsonArray(agents))
        .put("tasks", new JsonArray(tasks))
        .put("memory", new JsonArray(memory))
        .put("connections", new JsonArray(connections))
        .build();
  }
}
