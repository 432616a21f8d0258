package dev.planaria.app.gateway.clients;

import dev.planaria.app.gateway.wire.Log;
import dev.planaria.app.gateway.wire.RpcError;
import dev.planaria.app.gateway.wire.RpcMessage;
import dev.planaria.app.tools.ToolCatalogue;
import dev.planaria.app.tools.ToolRequest;
import dev.planaria.app.tools.ToolResult;
import dev.planaria.app.traces.TraceContext;
import dev.planaria.app.traces.Traces;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonNull;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.state.Era;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/// `tools/call` for both eras: reads the parameters, runs the tool, tells the result.
final class ToolCalls {
  /// Where a caller may put the operation id of any tool, built in or not.
  private static final String OPERATION_ID = "dev.planaria/operationId";

  private final ToolCatalogue tools;
  private final RecoveryNotices notices;
  private final Traces traces;
  private final Log log;

  ToolCalls(ToolCatalogue tools, RecoveryNotices notices, Traces traces, Log log) {
    this.traces = traces;
    this.tools = tools;
    this.notices = notices;
    this.log = log;
  }

  /// For whom and how a tool is called.
  ///
  /// @param audience who is told of recoveries once: a link or a principal
  /// @param principal who asks
  /// @param urlSession the session that the URL named, or null
  /// @param fallbackOperationId the operation id when the caller gave none, or null
  /// @param era in which it is called: a modern caller hears of alerts in results
  record Context(
      String audience,
      String principal,
      @Nullable String urlSession,
      @Nullable String fallbackOperationId,
      Era era) {}

  /// The parameters of a call that is fit to run.
  ///
  /// @param trace where it stands in the client's trace, or null
  record Prepared(
      String tool,
      JsonObject arguments,
      @Nullable String operationId,
      @Nullable TraceContext trace) {}

  /// Reads the parameters of a call without running it.
  ///
  /// @throws RpcError when there is no such tool, or the parameters are no call's
  Prepared prepare(RpcMessage.Request request) {
    JsonObject params = request.params();
    if (!(params.get("name") instanceof JsonString(String name))) {
      throw RpcError.invalidParams("params.name must be a string: the tool's name");
    }
    if (tools.find(name).isEmpty()) {
      throw RpcError.invalidParams(
          "there is no tool " + RpcError.shortened(name) + "; see tools/list");
    }
    JsonObject arguments =
        switch (params.get("arguments")) {
          case null -> JsonObject.EMPTY;
          case JsonNull() -> JsonObject.EMPTY;
          case JsonObject given -> given;
          default -> throw RpcError.invalidParams("params.arguments must be an object");
        };
    return new Prepared(name, arguments, operationId(params), trace(params));
  }

  private static @Nullable String operationId(JsonObject params) {
    JsonObject meta = Meta.of(params);
    return switch (meta.get(OPERATION_ID)) {
      case null -> null;
      case JsonString(String id) -> id;
      default -> throw RpcError.invalidParams("_meta[\"" + OPERATION_ID + "\"] must be a string");
    };
  }

  private static @Nullable TraceContext trace(JsonObject params) {
    JsonObject meta = Meta.of(params);
    return meta.get(TraceContext.TRACEPARENT) instanceof JsonString(String parent)
        ? TraceContext.of(
                parent,
                meta.get(TraceContext.TRACESTATE) instanceof JsonString(String state)
                    ? state
                    : null)
            .orElse(null)
        : null;
  }

  /// Runs a call to the end.
  ///
  /// @return the `result` of `tools/call`
  /// @throws RpcError when something broke that no tool foresaw
  JsonObject run(Prepared call, Context context) {
    try (Traces.Span span = begin(call)) {
      var request =
          new ToolRequest(
              call.tool(),
              call.arguments(),
              context.urlSession(),
              context.principal(),
              call.operationId(),
              context.fallbackOperationId());
      ToolResult noted = notices.tell(context.audience(), tools.run(request));
      ToolResult told =
          switch (context.era()) {
            case LEGACY -> noted;
            case MODERN -> notices.alerts().tell(context.audience(), noted);
          };
      JsonObject result = told.toJson();
      if (JsonBoolean.of(true).equals(result.get("isError"))) {
        span.failed("tool_error");
      }
      return result;
    } catch (RuntimeException e) {
      Log about = log.with("tool", call.tool()).with("principal", context.principal());
      (call.operationId() == null ? about : about.with("operation_id", call.operationId()))
          .warn("a tool broke", e);
      throw RpcError.internal();
    }
  }

  private Traces.Span begin(Prepared call) {
    var about = new LinkedHashMap<String, String>();
    about.put("mcp.method.name", "tools/call");
    about.put("gen_ai.tool.name", call.tool());
    if (call.operationId() != null) {
      about.put("planaria.operation.id", call.operationId());
    }
    return traces.begin("tools/call " + call.tool(), call.trace(), about);
  }
}
