package dev.planaria.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a client with a handshake meets, request by request.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LegacyEraTest {
  private TestWorker worker;
  private String link;

  @BeforeAll
  void start(@TempDir Path directory) {
    worker = TestWorker.on(directory);
    link = worker.link("2025-11-25");
    worker.call(link, 1, "session_open", "{\"name\":\"shown\"}");
  }

  @AfterAll
  void stop() {
    worker.close();
  }

  private static Ask initialize(String params) {
    return Ask.post(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":" + params + "}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"})
  void a_version_that_is_spoken_is_agreed_on(String version) {
    Reply reply =
        worker.send(
            initialize(
                "{\"protocolVersion\":\""
                    + version
                    + "\",\"capabilities\":{},\"clientInfo\":{\"name\":\"a\",\"version\":\"1\"}}"));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.at("result/protocolVersion")).isEqualTo(version);
    assertThat(reply.at("result/serverInfo/name")).isEqualTo("planaria");
    assertThat(reply.at("result/capabilities/tools")).isEqualTo("{}");
    assertThat(reply.headers().get("Mcp-Session-Id")).matches("[A-Za-z0-9_-]{43}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1999-01-01", "2026-07-28", "nonsense", ""})
  void for_any_other_version_the_newest_legacy_one_is_offered(String version) {
    assertThat(worker.send(initialize("{\"protocolVersion\":\"" + version + "\"}")))
        .extracting(reply -> reply.at("result/protocolVersion"))
        .isEqualTo("2025-11-25");
  }

  @Test
  void a_handshake_without_a_version_or_with_too_much_to_say_is_refused() {
    assertThat(worker.send(initialize("{}")).at("error/code")).isEqualTo("-32602");
    Reply loud =
        worker.send(
            initialize(
                "{\"protocolVersion\":\"2025-11-25\",\"clientInfo\":{\"name\":\""
                    + "x".repeat(20_000)
                    + "\"}}"));
    assertThat(loud.at("error/message")).contains("16384 bytes");
    assertThat(worker.send(initialize("{\"protocolVersion\":\"2025-11-25\",\"clientInfo\":7}")))
        .extracting(reply -> reply.at("error/code"))
        .isEqualTo("-32602");
    assertThat(worker.isServing()).isTrue();
  }

  @Test
  void a_handshake_that_the_front_carries_again_opens_one_link() {
    Ask ask = initialize("{\"protocolVersion\":\"2025-11-25\"}").stamped("stamp-of-a-handshake");
    String first = worker.send(ask).headers().get("Mcp-Session-Id");
    assertThat(worker.send(ask.with("Planaria-Resend", "1")).headers())
        .containsEntry("Mcp-Session-Id", first);
  }

  /// A method, its parameters, and what stands where in the answer.
  record Row(String method, String params, String path, String value) {
    @Override
    public String toString() {
      return method + " " + params;
    }
  }

  Stream<Row> methods() {
    return Stream.of(
        new Row("ping", "{}", "result", "{}"),
        new Row("logging/setLevel", "{\"level\":\"error\"}", "result", "{}"),
        new Row("logging/setLevel", "{\"level\":\"loud\"}", "error/code", "-32602"),
        new Row("logging/setLevel", "{}", "error/code", "-32602"),
        new Row("tools/list", "{}", "result/tools/0/name", "session_open"),
        new Row("tools/list", "{\"cursor\":\"x\"}", "error/code", "-32602"),
        new Row("resources/list", "{}", "result/resources/0/name", "shown"),
        new Row("resources/list", "{\"cursor\":\"x\"}", "error/code", "-32602"),
        new Row(
            "resources/templates/list",
            "{}",
            "result/resourceTemplates/0/uriTemplate",
            "planaria://sessions/{session_id}"),
        new Row(
            "resources/read",
            "{\"uri\":\"planaria://sessions/shown\"}",
            "result/contents/0/mimeType",
            "application/json"),
        new Row("resources/read", "{\"uri\":\"planaria://sessions/no\"}", "error/code", "-32002"),
        new Row("resources/read", "{\"uri\":\"file:///etc/passwd\"}", "error/code", "-32002"),
        new Row("resources/read", "{}", "error/code", "-32602"),
        new Row("prompts/list", "{}", "result/prompts/0/name", "take_up_session"),
        new Row(
            "prompts/get",
            "{\"name\":\"take_up_session\",\"arguments\":{\"session_id\":\"shown\"}}",
            "result/messages/0/role",
            "user"),
        new Row("prompts/get", "{\"name\":\"no\"}", "error/code", "-32602"),
        new Row(
            "prompts/get",
            "{\"name\":\"take_up_session\",\"arguments\":{\"session_id\":\"no\"}}",
            "error/code",
            "-32602"),
        new Row("tools/call", "{\"name\":\"nonsense\"}", "error/code", "-32602"),
        new Row("tools/call", "{}", "error/code", "-32602"),
        new Row("tools/call", "{\"name\":\"agent_list\",\"arguments\":[]}", "error/code", "-32602"),
        new Row("completion/complete", "{}", "error/code", "-32601"),
        new Row("server/discover", "{}", "error/code", "-32601"),
        new Row("subscriptions/listen", "{}", "error/code", "-32601"));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void each_method_answers(Row row) {
    Reply reply =
        worker.send(
            Ask.post(
                    "{\"jsonrpc\":\"2.0\",\"id\":\"m\",\"method\":\""
                        + row.method()
                        + "\",\"params\":"
                        + row.params()
                        + "}")
                .over(link)
                .with("MCP-Protocol-Version", "2025-11-25"));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.at(row.path())).isEqualTo(row.value());
    assertThat(reply.at("id")).isEqualTo("m");
  }

  @Test
  void a_call_is_answered_as_a_stream_with_a_primer() {
    Reply reply = worker.call(link, 100, "agent_list", "{\"session_id\":\"shown\"}");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.streaming()).isTrue();
    assertThat(reply.ended()).isTrue();
    List<Reply.Event> events = reply.events();
    assertThat(events).hasSize(2);
    assertThat(events.getFirst().data()).isEmpty();
    assertThat(events.getFirst().retryMillis()).isEqualTo("3000");
    assertThat(events.getFirst().id()).endsWith("-0");
    assertThat(events.getLast().id())
        .isEqualTo(String.valueOf(events.getFirst().id()).replaceAll("-0$", "-1"));
    assertThat(reply.at("id")).isEqualTo("100");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2024-11-05", "2025-03-26", "2025-06-18"})
  void an_older_client_gets_plain_json(String version) {
    Reply reply = worker.call(worker.link(version), 1, "session_list", "{}");
    assertThat(reply.streaming()).isFalse();
    assertThat(reply.at("result/isError")).isEqualTo("false");
  }

  @Test
  void the_url_names_the_session_of_those_who_name_none() {
    Ask spawn = TestWorker.callOf(link, 200, "agent_spawn", "{\"type\":\"coder\"}");
    Reply there = worker.send(spawn.to("/s/a%20project/mcp"));
    assertThat(there.at("result/isError")).isEqualTo("false");
    Ask status = TestWorker.callOf(link, 201, "session_status", "{}");
    assertThat(worker.send(status.to("/s/a%20project/mcp")).at("result/structuredContent/name"))
        .isEqualTo("a project");
    Ask elsewhere = TestWorker.callOf(link, 202, "session_status", "{\"session_id\":\"shown\"}");
    assertThat(worker.send(elsewhere.to("/s/a%20project/mcp")).at("result/structuredContent/name"))
        .isEqualTo("shown");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/s//mcp",
        "/s/%/mcp",
        "/s/%zz/mcp",
        "/s/%00/mcp",
        "/s/a%0Ab/mcp",
        "/s/%C0%AF/mcp",
        "/s/../mcp",
        "/s/a/b/mcp"
      })
  void a_url_that_names_no_session_is_not_found(String path) {
    assertThat(worker.send(TestWorker.callOf(link, 1, "session_list", "{}").to(path)).status())
        .isEqualTo(404);
    assertThat(worker.isServing()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..%2F..%2Fetc%2Fpasswd",
        "con",
        "-rf",
        "'%20OR%201=1--",
        "%D0%B0dmin",
        "SHOWN",
        "planaria.db"
      })
  void a_session_name_is_an_opaque_key(String encoded) {
    Reply reply =
        worker.send(
            TestWorker.callOf(link, 300, "session_status", "{}").to("/s/" + encoded + "/mcp"));
    assertThat(reply.at("result/structuredContent/error/code")).isEqualTo("NOT_FOUND");
    assertThat(worker.isServing()).isTrue();
  }

  @Test
  void the_daemon_s_own_session_is_out_of_reach() {
    Ask memory = TestWorker.callOf(link, 400, "memory_list", "{}").to("/s/planaria.links/mcp");
    assertThat(worker.send(memory).at("result/structuredContent/error/code"))
        .isEqualTo("NOT_FOUND");
    Reply opened = worker.call(link, 401, "session_open", "{\"name\":\"planaria.links\"}");
    assertThat(opened.at("result/structuredContent/error/code")).isEqualTo("INVALID_ARGUMENT");
    assertThat(worker.call(link, 402, "session_list", "{}").body())
        .doesNotContain("planaria.links");
    assertThat(worker.send(Ask.of("GET", "/api/v1/sessions/planaria.links")).status())
        .isEqualTo(404);
  }
}
