package dev.planaria.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.gateway.upstreams.StdioCommand;
import dev.planaria.app.gateway.upstreams.echo.EchoServer;
import dev.planaria.app.traces.KeptSpans;
import dev.planaria.app.traces.OtlpTraces;
import dev.planaria.app.traces.Traces;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A call is followed from its client through Planaria to the server.
class TracedCallsTest {
  private static final String ADDRESS = "/s/work/u/echo/mcp";
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CALLER = "b7ad6b7169203331";
  private static final String META =
      "\"_meta\":{\"traceparent\":\"00-" + TRACE + "-" + CALLER + "-01\"},";

  @TempDir Path directory;

  private final KeptSpans kept = new KeptSpans();

  private static void bring(TestWorker worker) {
    StdioCommand command = EchoServer.command("--stdio");
    JsonObject body =
        JsonObject.builder()
            .put("command", command.argv().getFirst())
            .put("args", JsonArray.ofStrings(command.argv().subList(1, command.argv().size())))
            .build();
    worker.send(Ask.post(Json.writeBytes(body)).to("/api/v1/upstreams/work/echo"));
  }

  private static String link(TestWorker worker, String address) {
    Reply reply =
        worker.send(
            Ask.post(
                    "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{"
                        + "\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
                        + "\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}")
                .to(address));
    return String.valueOf(reply.headers().get("Mcp-Session-Id"));
  }

  private static Reply call(TestWorker worker, String address, String tool, String arguments) {
    Ask ask = TestWorker.callOf(link(worker, address), 1, tool, arguments).to(address);
    String body =
        new String(ask.body(), StandardCharsets.UTF_8)
            .replace("\"arguments\"", META + "\"arguments\"");
    return worker.send(ask.body(body.getBytes(StandardCharsets.UTF_8)));
  }

  private static String attribute(SpanData span, String name) {
    return String.valueOf(span.getAttributes().get(AttributeKey.stringKey(name)));
  }

  @Test
  void a_server_is_called_from_a_span_within_its_clients_trace() {
    String seen;
    try (OtlpTraces traces = OtlpTraces.to(kept, "planaria", "test");
        TestWorker worker = TestWorker.on(directory, traces)) {
      bring(worker);
      seen = call(worker, ADDRESS, "trace", "{}").at("result/content/0/text");
    }
    SpanData span = kept.only("tools/call trace");
    assertThat(seen).isEqualTo("00-" + TRACE + "-" + span.getSpanId() + "-01");
    assertThat(span.getTraceId()).isEqualTo(TRACE);
    assertThat(span.getParentSpanId()).isEqualTo(CALLER);
    assertThat(attribute(span, "planaria.server")).isEqualTo("echo");
    assertThat(attribute(span, "gen_ai.tool.name")).isEqualTo("trace");
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
  }

  @Test
  void without_a_collector_a_server_sees_what_its_client_sent() {
    try (TestWorker worker = TestWorker.on(directory, Traces.NONE)) {
      bring(worker);
      assertThat(call(worker, ADDRESS, "trace", "{}").at("result/content/0/text"))
          .isEqualTo("00-" + TRACE + "-" + CALLER + "-01");
    }
  }

  @Test
  void a_session_tool_has_a_span_that_says_when_it_was_refused() {
    try (OtlpTraces traces = OtlpTraces.to(kept, "planaria", "test");
        TestWorker worker = TestWorker.on(directory, traces)) {
      call(worker, "/mcp", "session_open", "{\"name\":\"work\"}");
      call(worker, "/mcp", "task_get", "{\"session_id\":\"work\",\"task_id\":\"none\"}");
    }
    SpanData opened = kept.only("tools/call session_open");
    assertThat(opened.getParentSpanId()).isEqualTo(CALLER);
    assertThat(opened.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    SpanData refused = kept.only("tools/call task_get");
    assertThat(refused.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(attribute(refused, "error.type")).isEqualTo("tool_error");
  }
}
