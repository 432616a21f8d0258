package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.upstreams.RawAnswer;
import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.app.traces.Traces;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.state.SessionId;
import java.util.LinkedHashMap;

/// The span of a request for a server: from its arrival to its answer, which says what became of
/// it. Attributes are named as in OpenTelemetry's conventions for MCP where those have a name.
final class CallSpans {

  private CallSpans() {}

  /// Begins one, within the client's trace if there is one.
  static Traces.Span begin(Traces traces, Ask ask, SessionId session, String server) {
    if (traces.equals(Traces.NONE)) {
      return Traces.Span.NONE;
    }
    var about = new LinkedHashMap<String, String>();
    about.put("mcp.method.name", ask.method());
    about.put("planaria.session.id", session.toString());
    about.put("planaria.server", server);
    about.put("planaria.operation.id", ask.id().operationId());
    String target = ask.target();
    boolean call = ask.method().equals(Ask.CALL) && target != null;
    if (call) {
      about.put("gen_ai.tool.name", target);
    }
    return traces.begin(
        call ? ask.method() + " " + target : ask.method(), ask.traceContext().orElse(null), about);
  }

  /// Says what the answer was.
  static void ended(Traces.Span span, RawAnswer answer) {
    switch (answer) {
      case RawAnswer.Refusal _ -> span.failed("refused");
      case RawAnswer.Result(RawObject result) -> {
        if (result.object("_meta").map(meta -> meta.value(Words.OUTCOME)).orElse(null)
            instanceof JsonString(String outcome)) {
          span.put("planaria.call.outcome", outcome);
          span.failed(outcome);
        } else if (JsonBoolean.of(true).equals(result.value("isError"))) {
          span.failed("tool_error");
        }
      }
    }
  }
}
