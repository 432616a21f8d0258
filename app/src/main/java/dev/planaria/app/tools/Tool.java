package dev.planaria.app.tools;

import dev.planaria.engine.json.JsonObject;

/// One tool: what it is called, what it says of itself, and what it does. Immutable; the body is
/// thread-safe.
///
/// @param name unique among the tools
/// @param title for people
/// @param description for language models: what it does, when to use it
/// @param signature what goes in and what comes out
/// @param hints what a client may assume when it decides whether to ask, or to repeat
/// @param body what it does
public record Tool(
    String name, String title, String description, Signature signature, Hints hints, Body body) {
  /// What goes in and what comes out, as JSON Schemas.
  ///
  /// @param input of the arguments
  /// @param output of `structuredContent`
  public record Signature(JsonObject input, JsonObject output) {}

  /// What a client may assume (MCP, tool annotations).
  public enum Hints {
    /// Changes nothing.
    READ(true, true, false),
    /// Adds something; repeating it without an operation id adds another.
    ADD(false, false, false),
    /// Sets something; repeating it changes nothing more.
    SET(false, true, false),
    /// Ends or removes something; repeating it changes nothing more.
    END(false, true, true);

    private final boolean readOnly;
    private final boolean idempotent;
    private final boolean destructive;

    Hints(boolean readOnly, boolean idempotent, boolean destructive) {
      this.readOnly = readOnly;
      this.idempotent = idempotent;
      this.destructive = destructive;
    }

    /// True when the tool changes nothing.
    public boolean readOnly() {
      return readOnly;
    }

    private JsonObject toJson() {
      return JsonObject.builder()
          .put("readOnlyHint", readOnly)
          .put("idempotentHint", idempotent)
          .put("destructiveHint", destructive)
          .put("openWorldHint", false)
          .build();
    }
  }

  /// What a tool does.
  @FunctionalInterface
  public interface Body {
    /// Runs to the end; what it changed is on disk when it returns.
    ///
    /// @throws RuntimeException one of the engine's refusals and failures, which [ToolCatalogue]
    ///   turns into results
    ToolResult run(ToolCall call);
  }

  /// The tool as `tools/list` shows it.
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("name", name)
        .put("title", title)
        .put("description", description)
        .put("inputSchema", signature.input())
        .put("outputSchema", signature.output())
        .put("annotations", hints.toJson())
        .build();
  }
}
