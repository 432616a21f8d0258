package dev.planaria.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a client without a handshake meets, request by request.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModernEraTest {
  private static final String VERSION = "MCP-Protocol-Version";

  private TestWorker worker;

  @BeforeAll
  void start(@TempDir Path directory) {
    worker = TestWorker.on(directory);
    worker.send(Ask.modernCall("session_open", "{\"name\":\"shown\"}"));
  }

  @AfterAll
  void stop() {
    worker.close();
  }

  @Test
  void discover_says_who_answers_and_what_there_is() {
    Reply reply = worker.send(Ask.modern("server/discover", ""));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.at("result/supportedVersions")).isEqualTo("[\"2026-07-28\"]");
    assertThat(reply.at("result/capabilities/tools")).isEqualTo("{}");
    assertThat(reply.at("result/capabilities/logging")).isEqualTo("(none)");
    assertThat(reply.at("result/resultType")).isEqualTo("complete");
    assertThat(reply.body()).contains("io.modelcontextprotocol/serverInfo");
    assertThat(reply.at("result/cacheScope")).isEqualTo("public");
    assertThat(reply.headers()).doesNotContainKey("Mcp-Session-Id");
  }

  /// A method, its parameters, and how long who may keep the answer.
  record Cached(String method, String params, String ttl, String scope) {
    @Override
    public String toString() {
      return method;
    }
  }

  Stream<Cached> cacheable() {
    return Stream.of(
        new Cached("tools/list", "", "300000", "public"),
        new Cached("prompts/list", "", "300000", "public"),
        new Cached("resources/templates/list", "", "300000", "public"),
        new Cached("resources/list", "", "0", "private"),
        new Cached("resources/read", "\"uri\":\"planaria://sessions/shown\"", "0", "private"));
  }

  @ParameterizedTest
  @MethodSource("cacheable")
  void lists_say_how_long_they_hold(Cached row) {
    Reply reply =
        worker.send(
            Ask.modern(row.method(), row.params()).with("Mcp-Name", "planaria://sessions/shown"));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.at("result/ttlMs")).isEqualTo(row.ttl());
    assertThat(reply.at("result/cacheScope")).isEqualTo(row.scope());
    assertThat(reply.at("result/resultType")).isEqualTo("complete");
  }

  @Test
  void a_call_is_plain_json_and_complete() {
    Reply reply = worker.send(Ask.modernCall("agent_spawn", "{\"type\":\"coder\"}"));
    assertThat(reply.streaming()).isFalse();
    assertThat(reply.at("result/structuredContent/agent/type")).isEqualTo("coder");
    assertThat(reply.at("result/resultType")).isEqualTo("complete");
    assertThat(reply.at("result/ttlMs")).isEqualTo("(none)");
  }

  /// A request, its status and its error code.
  record Row(String name, Ask ask, int status, int code) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Ask raw(String params) {
    return Ask.post(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":" + params + "}")
        .with(VERSION, "2026-07-28")
        .with("Mcp-Method", "tools/list");
  }

  private static String meta(String members) {
    return "{\"_meta\":{" + members + "}}";
  }

  Stream<Row> refusals() {
    String version = "\"io.modelcontextprotocol/protocolVersion\":";
    String capabilities = "\"io.modelcontextprotocol/clientCapabilities\":";
    Ask list = Ask.modern("tools/list", "");
    Ask call = Ask.modernCall("session_list", "{}");
    return Stream.of(
        new Row("no _meta", raw("{}"), 400, -32602),
        new Row("_meta is no object", raw("{\"_meta\":7}"), 400, -32602),
        new Row("no version", raw(meta(capabilities + "{}")), 400, -32602),
        new Row("a version of 7", raw(meta(version + "7," + capabilities + "{}")), 400, -32602),
        new Row("no capabilities", raw(meta(version + "\"2026-07-28\"")), 400, -32602),
        new Row(
            "capabilities that are none",
            raw(meta(version + "\"2026-07-28\"," + capabilities + "[]")),
            400,
            -32602),
        new Row(
            "an unknown version",
            raw(meta(version + "\"v9\"," + capabilities + "{}")).instead(VERSION, "v9"),
            400,
            -32022),
        new Row(
            "a legacy version without a handshake",
            raw(meta(version + "\"2025-11-25\"," + capabilities + "{}"))
                .instead(VERSION, "2025-11-25"),
            400,
            -32022),
        new Row("another version in the header", list.instead(VERSION, "2025-11-25"), 400, -32020),
        new Row("no version header", list.without(VERSION), 400, -32020),
        new Row("two version headers", list.with(VERSION, "2026-07-28"), 400, -32020),
        new Row("no method header", list.without("Mcp-Method"), 400, -32020),
        new Row("another method", list.instead("Mcp-Method", "prompts/list"), 400, -32020),
        new Row("a method in capitals", list.instead("Mcp-Method", "TOOLS/LIST"), 400, -32020),
        new Row("two method headers", list.with("Mcp-Method", "tools/list"), 400, -32020),
        new Row("no name header", call.without("Mcp-Name"), 400, -32020),
        new Row("another name", call.instead("Mcp-Name", "session_open"), 400, -32020),
        new Row(
            "another name in Base64",
            call.instead("Mcp-Name", base64("session_open")),
            400,
            -32020),
        new Row("broken Base64", call.instead("Mcp-Name", "=?base64?***?="), 400, -32020),
        new Row("Base64 of no UTF-8", call.instead("Mcp-Name", "=?base64?/w==?="), 400, -32020),
        new Row("Base64 of nothing", call.instead("Mcp-Name", "=?base64?="), 400, -32020),
        new Row("a name in Latin-1", call.instead("Mcp-Name", "s\u00e9ssion"), 400, -32020),
        new Row("an unknown method", Ask.modern("unknown/method", ""), 404, -32601),
        new Row("initialize", Ask.modern("initialize", ""), 404, -32601),
        new Row("ping", Ask.modern("ping", ""), 404, -32601),
        new Row("logging/setLevel", Ask.modern("logging/setLevel", ""), 404, -32601),
        new Row("resources/subscribe", Ask.modern("resources/subscribe", ""), 404, -32601),
        new Row("completion/complete", Ask.modern("completion/complete", ""), 404, -32601),
        new Row("an unknown tool", Ask.modernCall("nonsense", "{}"), 200, -32602),
        new Row(
            "an unknown resource",
            Ask.modern("resources/read", "\"uri\":\"x:y\"").with("Mcp-Name", "x:y"),
            200,
            -32602),
        new Row("listening to nothing", Ask.modern("subscriptions/listen", ""), 200, -32602),
        new Row(
            "a response",
            Ask.post("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}").with(VERSION, "2026-07-28"),
            400,
            -32600),
        new Row("a batch", Ask.post("[]").with(VERSION, "2026-07-28"), 400, -32600));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void what_the_revision_forbids_is_refused(Row row) {
    long journalled = worker.journalled();
    Reply reply = worker.send(row.ask());
    assertThat(reply.status()).isEqualTo(row.status());
    assertThat(reply.at("error/code")).isEqualTo(String.valueOf(row.code()));
    assertThat(worker.journalled()).as("nothing was changed").isEqualTo(journalled);
    assertThat(worker.isServing()).as("the next request is served").isTrue();
  }

  @Test
  void an_unsupported_version_is_told_the_supported_ones() {
    Ask ask =
        raw(meta(
                "\"io.modelcontextprotocol/protocolVersion\":\"v9\","
                    + "\"io.modelcontextprotocol/clientCapabilities\":{}"))
            .instead(VERSION, "v9");
    Reply reply = worker.send(ask);
    assertThat(reply.at("error/data/supported")).isEqualTo("[\"2026-07-28\"]");
    assertThat(reply.at("error/data/requested")).isEqualTo("v9");
  }

  Stream<Ask> acceptable() {
    Ask call = Ask.modernCall("session_list", "{}");
    return Stream.of(
        call,
        call.instead("Mcp-Name", "  session_list\t"),
        call.instead("Mcp-Name", base64("session_list")),
        call.without("Mcp-Method").with("mcp-method", "tools/call"),
        call.without("Mcp-Method").with("MCP-METHOD", "tools/call"),
        call.over("an-id-that-means-nothing-here").with("Last-Event-ID", "x"),
        call.with("Mcp-Param-Unknown", "x"),
        call.with("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
  }

  @ParameterizedTest
  @MethodSource("acceptable")
  void what_the_revision_allows_is_served(Ask ask) {
    assertThat(worker.send(ask).at("result/isError")).isEqualTo("false");
  }

  private static String base64(String text) {
    return "=?base64?"
        + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))
        + "?=";
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "DELETE"})
  void there_is_neither_get_nor_delete(String method) {
    Ask ask =
        Ask.of(method, "/mcp").with(VERSION, "2026-07-28").with("Accept", "text/event-stream");
    assertThat(worker.send(ask).status()).isEqualTo(405);
    assertThat(worker.isServing()).isTrue();
  }

  @Test
  void a_notification_is_accepted() {
    Ask note =
        Ask.post(
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{"
                    + "\"requestId\":1}}")
            .with(VERSION, "2026-07-28");
    assertThat(worker.send(note).status()).isEqualTo(202);
  }

  @Test
  void a_subscription_is_acknowledged_first_and_stays_open() throws Exception {
    Ask listen =
        Ask.modern(
            "subscriptions/listen",
            "\"notifications\":{\"toolsListChanged\":true,\"resourceSubscriptions\":[\"x:y\"]}");
    MemoryExchange stream = worker.begin(listen);
    Reply reply = stream.awaitText(": keep-alive");
    assertThat(reply.events()).hasSize(1);
    assertThat(reply.at("method")).isEqualTo("notifications/subscriptions/acknowledged");
    assertThat(reply.at("params/notifications")).isEqualTo("{}");
    assertThat(reply.events().getFirst().data())
        .contains("\"io.modelcontextprotocol/subscriptionId\":1");
    assertThat(reply.ended()).isFalse();
    stream.leave();

    MemoryExchange carriedOn =
        worker.begin(listen.with("Planaria-Resend", "1").with("Planaria-Head-Sent", "1"));
    assertThat(carriedOn.awaitText(": keep-alive").events()).as("it was told already").isEmpty();
    carriedOn.leave();
    assertThat(worker.isServing()).isTrue();
  }

  @Test
  void both_places_of_the_operation_id_must_agree() {
    String name = "\"name\":\"agent_spawn\",";
    Ask both =
        Ask.post(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{"
                    + name
                    + "\"arguments\":{\"type\":\"a\",\"operation_id\":\"op-x\"},\"_meta\":{"
                    + "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                    + "\"io.modelcontextprotocol/clientCapabilities\":{},"
                    + "\"dev.planaria/operationId\":\"op-y\"}}}")
            .with(VERSION, "2026-07-28")
            .with("Mcp-Method", "tools/call")
            .with("Mcp-Name", "agent_spawn");
    assertThat(worker.send(both).at("result/structuredContent/error/code"))
        .isEqualTo("INVALID_ARGUMENT");
    Ask equal =
        both.body(
            new String(both.body(), StandardCharsets.UTF_8)
                .replace("op-y", "op-x")
                .getBytes(StandardCharsets.UTF_8));
    Reply first = worker.send(equal.stamped("another-stamp"));
    assertThat(first.at("result/structuredContent/operation_id")).isEqualTo("op-x");
    assertThat(worker.send(equal).at("result/structuredContent"))
        .isEqualTo(first.at("result/structuredContent"));
  }
}
