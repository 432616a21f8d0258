package dev.planaria.app.tools;

import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.session.SessionView;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.Task;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The prompts that are offered to people: one, with which a fresh conversation takes up the work
/// of a session that outlived the last one. Thread-safe.
public final class SessionPrompts {
  private static final String TAKE_UP = "take_up_session";
  private static final int SHOWN_TASKS = 50;

  private final Sessions sessions;

  /// @param sessions the sessions that callers may see
  public SessionPrompts(Sessions sessions) {
    this.sessions = sessions;
  }

  /// The answer to `prompts/list`.
  public JsonObject list() {
    JsonObject argument =
        JsonObject.builder()
            .put("name", "session_id")
            .put("description", "Id or name of the session; \"default\" if left out")
            .put("required", false)
            .build();
    JsonObject prompt =
        JsonObject.builder()
            .put("name", TAKE_UP)
            .put("title", "Take up a session")
            .put("description", "Go on with the work of a session where it was left")
            .put("arguments", new JsonArray(List.of(argument)))
            .build();
    return JsonObject.builder().put("prompts", new JsonArray(List.of(prompt))).build();
  }

  /// The answer to `prompts/get`, or nothing when there is no such prompt.
  ///
  /// @param urlSession the session that the URL named, or null
  /// @throws FieldException when an argument is wrong
  public Optional<JsonObject> get(String name, JsonObject arguments, @Nullable String urlSession) {
    if (!name.equals(TAKE_UP)) {
      return Optional.empty();
    }
    String given = Fields.of(arguments).optionalText("session_id", 256);
    String reference = given != null ? given : urlSession != null ? urlSession : Sessions.DEFAULT;
    SessionView view =
        sessions
            .find(reference)
            .map(summary -> sessions.engine().view(summary.id()))
            .orElseThrow(() -> new FieldException("session_id", "must name a session that exists"));
    JsonObject content =
        JsonObject.builder().put("type", "text").put("text", text(view.state())).build();
    JsonObject message = JsonObject.builder().put("role", "user").put("content", content).build();
    return Optional.of(
        JsonObject.builder()
            .put("description", "Where session " + view.state().name() + " stands")
            .put("messages", new JsonArray(List.of(message)))
            .build());
  }

  private static String text(SessionState state) {
    String open =
        state.tasks().values().stream()
            .filter(task -> !task.status().isFinal())
            .limit(SHOWN_TASKS)
            .map((Task task) -> "- " + Words.task(task))
            .collect(Collectors.joining("\n"));
    return "Go on with the work of session "
        + state.id()
        + " ("
        + state.name()
        + "). It is durable; what was done before is still there. Pass session_id to every tool."
        + "\n\nIt has "
        + state.agents().size()
        + " agents, "
        + state.tasks().size()
        + " tasks and "
        + state.memory().size()
        + " memory entries. Unfinished tasks:\n"
        + (open.isEmpty() ? "none" : open)
        + "\n\nLook at memory_list for what was learned, spawn an agent or use one from agent_list,"
        + " then task_claim, task_update while you work, and task_complete.";
  }
}
