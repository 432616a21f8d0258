package dev.planaria.app.tools;

import dev.planaria.engine.journal.JournalException.StoreFailed;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.session.Caller;
import dev.planaria.engine.session.OutcomeUnknown;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.session.SessionUnavailable;
import dev.planaria.engine.session.StoreUnavailable;
import dev.planaria.engine.state.Limits;
import dev.planaria.engine.state.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// All tools, and the one way to run one: every refusal and failure of the engine becomes a result
/// that says what happened and what to do. Thread-safe.
public final class ToolCatalogue {
  /// Longest operation id.
  static final int ID_CHARACTERS = 128;

  private static final Pattern VISIBLE_ASCII = Pattern.compile("[!-~]{1," + ID_CHARACTERS + "}");
  private static final String OPERATION_ID = "operation_id";

  private final Sessions sessions;
  private final Map<String, Tool> tools = new LinkedHashMap<>();
  private final JsonArray listed;

  /// @param engine holds the sessions
  /// @param limits what a session may hold; the schemas say so
  /// @param nowMillis Unix time
  /// @param more makes tools besides the session tools
  public ToolCatalogue(
      SessionEngine engine,
      Limits limits,
      LongSupplier nowMillis,
      Function<Sessions, List<Tool>> more) {
    this.sessions = new Sessions(engine);
    var all = new ArrayList<Tool>();
    all.addAll(new SessionTools(sessions, limits).tools());
    all.addAll(new HealthTools(sessions, limits, nowMillis).tools());
    all.addAll(new SwarmTools(sessions, limits).tools());
    all.addAll(new AgentTools(sessions, limits).tools());
    all.addAll(new TaskTools(sessions, limits).tools());
    all.addAll(new MemoryTools(sessions, limits, nowMillis).tools());
    all.addAll(new RecoveryTools(sessions).tools());
    all.addAll(more.apply(sessions));
    for (Tool tool : all) {
      if (tools.put(tool.name(), tool) != null) {
        throw new IllegalArgumentException("two tools are called " + tool.name());
      }
    }
    listed = new JsonArray(all.stream().<JsonValue>map(Tool::toJson).toList());
  }

  /// The tools as `tools/list` shows them, always in the same order.
  public JsonArray list() {
    return listed;
  }

  /// The tool of that name.
  public Optional<Tool> find(String name) {
    return Optional.ofNullable(tools.get(name));
  }

  /// The way to sessions, for those beside the tools who look at them.
  public Sessions sessions() {
    return sessions;
  }

  /// Runs a tool.
  ///
  /// @throws IllegalArgumentException when there is no such tool; ask [#find] first
  public ToolResult run(ToolRequest request) {
    Tool tool =
        find(request.tool())
            .orElseThrow(() -> new IllegalArgumentException("there is no tool " + request.tool()));
    try {
      return tool.body().run(checked(tool, request));
    } catch (FieldException e) {
      return ToolResult.error(Refusal.Code.INVALID_ARGUMENT.name(), String.valueOf(e.getMessage()));
    } catch (Refusal e) {
      return refused(request, e);
    } catch (SessionUnavailable e) {
      return ToolResult.error("SESSION_UNAVAILABLE", String.valueOf(e.getMessage()));
    } catch (StoreUnavailable e) {
      return ToolResult.error(
          "STORE_UNAVAILABLE",
          e.getMessage() + "; nothing was changed, call again with the same operation_id");
    } catch (StoreFailed e) {
      return ToolResult.error(
          "STORE_UNAVAILABLE",
          "the store cannot be read ("
              + e.getMessage()
              + "); call again, with the same operation_id if you gave one, and should that not"
              + " help, `planaria verify` says what is damaged");
    } catch (OutcomeUnknown e) {
      return ToolResult.outcomeUnknown(e);
    }
  }

  private static ToolCall checked(Tool tool, ToolRequest request) {
    refuseUnknown(tool, request.arguments());
    return new ToolCall(
        Fields.of(request.arguments()),
        request.urlSession(),
        new Caller(request.principal(), tool.hints().readOnly() ? null : operationId(request)));
  }

  private static void refuseUnknown(Tool tool, JsonObject arguments) {
    if (!(tool.signature().input().get("properties") instanceof JsonObject known)) {
      throw new IllegalStateException("the input schema of a tool has properties");
    }
    for (String name : arguments.members().keySet()) {
      if (!known.has(name)) {
        throw new FieldException(
            Words.plain(name),
            "is not known here; "
                + tool.name()
                + " takes: "
                + String.join(", ", known.members().keySet()));
      }
    }
  }

  /// The id that the caller gave, beside the arguments or among them, else the one of who carried
  /// the request here.
  private static @Nullable String operationId(ToolRequest request) {
    String beside = request.operationId();
    String among =
        switch (request.arguments().get(OPERATION_ID)) {
          case JsonString(String text) -> text;
          case null -> null;
          default -> throw new FieldException(OPERATION_ID, "must be a text");
        };
    if (beside != null && among != null && !beside.equals(among)) {
      throw new FieldException(
          OPERATION_ID,
          "and _meta[\"dev.planaria/operationId\"] must be equal when both are given");
    }
    String given = among == null ? beside : among;
    if (given != null && !VISIBLE_ASCII.matcher(given).matches()) {
      throw new FieldException(
          OPERATION_ID, "must have 1 to " + ID_CHARACTERS + " visible ASCII characters");
    }
    return given == null ? request.fallbackOperationId() : given;
  }

  /// What is not there may have been there: in a session that has lost something, that is said.
  private ToolResult refused(ToolRequest request, Refusal refusal) {
    String message = String.valueOf(refusal.getMessage());
    if (refusal.code() == Refusal.Code.NOT_FOUND) {
      Optional<String> lost = sessions.lossNotice(request);
      if (lost.isPresent()) {
        return ToolResult.error("LOST", message + "; " + lost.get());
      }
    }
    return ToolResult.error(refusal.code().name(), message);
  }
}
