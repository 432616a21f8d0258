package dev.planaria.app.tools;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.session.Committed;
import dev.planaria.engine.session.OutcomeUnknown;
import dev.planaria.engine.state.SessionId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a tool answers.
///
/// @param structured for programs
/// @param text for language models: ids first, then what matters, then what to do
/// @param isError true when the call was refused, or its outcome is unknown
/// @param meta what belongs beside the result
/// @param session the session it was about, or null
public record ToolResult(
    JsonObject structured,
    String text,
    boolean isError,
    JsonObject meta,
    @Nullable SessionId session) {
  /// Where an outcome that is not known is marked, for clients that look at `_meta` alone.
  public static final String OUTCOME = "dev.planaria/outcome";

  /// Marks the first result of an operation that was asked for again.
  public static final String REPEATED = "dev.planaria/repeated";

  /// The answer to a question.
  public static ToolResult of(SessionId session, JsonObject structured, String text) {
    return new ToolResult(structured, text, false, JsonObject.EMPTY, session);
  }

  /// The answer to a question that is about no session.
  public static ToolResult of(JsonObject structured, String text) {
    return new ToolResult(structured, text, false, JsonObject.EMPTY, null);
  }

  /// The acknowledgement of a change: its result with the receipt.
  public static ToolResult committed(Committed committed, JsonObject result, String text) {
    JsonObject.Builder structured = extend(result);
    structured.put("receipt", Views.receipt(committed.receipt()));
    structured.put("operation_id", committed.operationId());
    JsonObject meta =
        committed.repeated() ? JsonObject.builder().put(REPEATED, true).build() : JsonObject.EMPTY;
    return new ToolResult(structured.build(), text, false, meta, committed.receipt().sessionId());
  }

  /// A refusal or failure.
  ///
  /// @param code why, for programs
  /// @param message why, in a sentence
  public static ToolResult error(String code, String message) {
    JsonObject error = JsonObject.builder().put("code", code).put("message", message).build();
    return new ToolResult(
        JsonObject.builder().put("error", error).build(),
        code + ": " + message,
        true,
        JsonObject.EMPTY,
        null);
  }

  /// Neither done nor failed: the caller is told by which id to ask.
  static ToolResult outcomeUnknown(OutcomeUnknown unknown) {
    String message =
        unknown.getMessage()
            + "; call operation_status, or the same tool again with the same operation_id";
    JsonObject error =
        JsonObject.builder()
            .put("code", "OUTCOME_UNKNOWN")
            .put("message", message)
            .put("operation_id", unknown.operationId())
            .build();
    return new ToolResult(
        JsonObject.builder().put("error", error).build(),
        "OUTCOME_UNKNOWN: " + message,
        true,
        JsonObject.builder().put(OUTCOME, "unknown").build(),
        null);
  }

  /// The same with one more member of `_meta`.
  public ToolResult withMeta(String name, JsonValue value) {
    return new ToolResult(
        structured, text, isError, extend(meta).put(name, value).build(), session);
  }

  /// The same with a sentence in front of the text.
  public ToolResult withNotice(String sentence) {
    return new ToolResult(structured, sentence + "\n" + text, isError, meta, session);
  }

  /// The result as `tools/call` answers it.
  public JsonObject toJson() {
    JsonObject item = JsonObject.builder().put("type", "text").put("text", text).build();
    return JsonObject.builder()
        .put("content", new JsonArray(List.of(item)))
        .put("structuredContent", structured)
        .put("isError", isError)
        .put("_meta", meta.members().isEmpty() ? null : meta)
        .build();
  }

  private static JsonObject.Builder extend(JsonObject object) {
    JsonObject.Builder builder = JsonObject.builder();
    object.members().forEach(builder::put);
    return builder;
  }
}
