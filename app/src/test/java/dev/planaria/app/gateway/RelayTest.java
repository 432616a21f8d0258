package dev.planaria.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.gateway.upstreams.StdioCommand;
import dev.planaria.app.gateway.upstreams.echo.EchoServer;
import dev.planaria.chaos.process.Victims;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A stdio server behind Planaria, as clients of both eras see it.
class RelayTest {
  private static final String ADDRESS = "/s/work/u/echo/mcp";

  @TempDir Path directory;

  private TestWorker worker;

  @BeforeEach
  void begin() {
    worker = TestWorker.on(directory);
  }

  @AfterEach
  void end() {
    worker.close();
    assertThat(ProcessHandle.current().descendants()).isEmpty();
  }

  private void bring(JsonObject planaria, String... switches) {
    StdioCommand command = EchoServer.command(switches);
    JsonObject body =
        JsonObject.builder()
            .put("command", command.argv().getFirst())
            .put("args", JsonArray.ofStrings(command.argv().subList(1, command.argv().size())))
            .put("planaria", planaria)
            .build();
    Reply reply = worker.send(Ask.post(Json.writeBytes(body)).to("/api/v1/upstreams/work/echo"));
    assertThat(reply.at("path")).as(reply.toString()).isEqualTo(ADDRESS);
  }

  private String link() {
    Reply reply =
        worker.send(
            Ask.post(
                    "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{"
                        + "\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
                        + "\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}")
                .to(ADDRESS));
    assertThat(reply.at("result/serverInfo/name")).as(reply.toString()).isEqualTo("echo");
    return String.valueOf(reply.headers().get("Mcp-Session-Id"));
  }

  private Reply call(String link, int id, String tool, String arguments) {
    return worker.send(TestWorker.callOf(link, id, tool, arguments).to(ADDRESS));
  }

  private static String text(Reply reply) {
    return reply.at("result/content/0/text");
  }

  private void kill(String link, int id) throws Exception {
    long pid = Long.parseLong(text(call(link, id, "pid", "{}")));
    ProcessHandle child = ProcessHandle.of(pid).orElseThrow();
    assertThat(Victims.of(child).kill()).isEqualTo(1);
  }

  @Test
  void a_server_behind_planaria_answers_as_itself() {
    bring(JsonObject.EMPTY, "--stdio");
    String link = link();
    assertThat(text(call(link, 1, "echo", "{\"text\":\"worm\"}"))).isEqualTo("worm");
    assertThat(text(call(link, 2, "add", "{\"n\":3}"))).isEqualTo("3");
    assertThat(text(call(link, 3, "add", "{\"n\":4}"))).isEqualTo("7");
  }

  @Test
  void a_server_that_dies_comes_back_and_its_loss_is_told_once() throws Exception {
    bring(JsonObject.EMPTY, "--stdio");
    String link = link();
    call(link, 1, "add", "{\"n\":7}");
    kill(link, 2);
    Reply after = call(link, 3, "get", "{}");
    assertThat(text(after)).as(after.toString()).isEqualTo("0");
    assertThat(after.at("result/content/1/text")).contains("started anew");
    assertThat(call(link, 4, "get", "{}").message().toString()).doesNotContain("started anew");
  }

  @Test
  void the_same_request_again_is_answered_from_the_record() {
    bring(JsonObject.EMPTY, "--stdio");
    String link = link();
    Ask ask = TestWorker.callOf(link, 1, "add", "{\"n\":7}").to(ADDRESS);
    String meta =
        new String(ask.body(), StandardCharsets.UTF_8)
            .replace(
                "\"arguments\"", "\"_meta\":{\"dev.planaria/operationId\":\"op1\"},\"arguments\"");
    for (int id = 1; id < 4; id++) {
      String again = meta.replace("\"id\":1", "\"id\":" + id);
      Reply reply = worker.send(ask.body(again.getBytes(StandardCharsets.UTF_8)));
      assertThat(text(reply)).as(reply.toString()).isEqualTo("7");
    }
    assertThat(text(call(link, 9, "get", "{}"))).isEqualTo("7");
  }

  @Test
  void what_became_of_a_call_can_be_asked_for() {
    bring(JsonObject.EMPTY, "--stdio");
    String link = link();
    Ask ask = TestWorker.callOf(link, 1, "add", "{\"n\":7}").to(ADDRESS);
    String named =
        new String(ask.body(), StandardCharsets.UTF_8)
            .replace(
                "\"arguments\"", "\"_meta\":{\"dev.planaria/operationId\":\"op1\"},\"arguments\"");
    worker.send(ask.body(named.getBytes(StandardCharsets.UTF_8)));
    String own = worker.link("2025-11-25");
    Reply told =
        worker.send(
            TestWorker.callOf(own, 1, "operation_status", "{\"operation_id\":\"op1\"}")
                .to("/s/work/mcp"));
    assertThat(told.at("result/structuredContent/state")).as(told.toString()).isEqualTo("applied");
    assertThat(told.at("result/structuredContent/result/content/0/text")).isEqualTo("7");
  }

  @Test
  void a_counter_is_built_up_again_where_a_profile_says_how() throws Exception {
    JsonObject profile =
        JsonObject.builder()
            .put(
                "profile",
                JsonObject.builder().put("replay", JsonArray.ofStrings(List.of("add"))).build())
            .put("read_only", JsonArray.ofStrings(List.of("get", "pid")))
            .build();
    bring(profile, "--stdio");
    String link = link();
    call(link, 1, "add", "{\"n\":3}");
    call(link, 2, "add", "{\"n\":4}");
    kill(link, 3);
    Reply after = call(link, 4, "get", "{}");
    assertThat(text(after)).as(after.toString()).isEqualTo("7");
    assertThat(after.message().toString()).doesNotContain("started anew");
    worker.restart();
    bring(profile, "--stdio");
    assertThat(text(call(link, 5, "get", "{}"))).isEqualTo("7");
  }

  @Test
  void nobody_but_the_operator_brings_a_command_and_nothing_is_started_for_others() {
    worker.clientTokens("alice " + Hash.sha256("alice-1".getBytes(StandardCharsets.UTF_8)) + "\n");
    Ask bringing =
        Ask.post("{\"command\":\"sleep\",\"args\":[\"982\"]}")
            .to("/api/v1/upstreams/work/echo")
            .instead("Authorization", "Bearer alice-1");
    assertThat(worker.send(bringing).status()).isEqualTo(403);
    assertThat(worker.send(bringing.without("Authorization")).status()).isEqualTo(401);
    assertThat(worker.send(bringing.with("Origin", "https://evil.example")).status())
        .isEqualTo(403);
    for (String path : List.of("release", "reconnect", "record")) {
      assertThat(worker.send(bringing.to("/api/v1/upstreams/work/echo/" + path)).status())
          .as(path)
          .isEqualTo(403);
    }
    Reply used =
        worker.send(
            Ask.modern("tools/list", "\"command\":\"sleep\"")
                .to(ADDRESS)
                .instead("Authorization", "Bearer alice-1"));
    assertThat(used.at("error/message")).as(used.toString()).contains("no server");
    assertThat(ProcessHandle.current().descendants()).isEmpty();
    assertThat(worker.isServing()).isTrue();
  }

  @Test
  void a_modern_client_uses_a_legacy_server() {
    bring(JsonObject.EMPTY, "--stdio");
    Reply found = worker.send(Ask.modern("server/discover", "").to(ADDRESS));
    assertThat(found.at("result/resultType")).as(found.toString()).isEqualTo("complete");
    Reply reply = worker.send(Ask.modernCall("add", "{\"n\":5}").to(ADDRESS));
    assertThat(text(reply)).as(reply.toString()).isEqualTo("5");
    assertThat(reply.at("result/resultType")).isEqualTo("complete");
  }

  @Test
  void a_new_worker_goes_on_with_what_it_finds() {
    bring(JsonObject.EMPTY, "--stdio");
    String link = link();
    call(link, 1, "add", "{\"n\":7}");
    worker.restart();
    bring(JsonObject.EMPTY, "--stdio");
    Reply after = call(link, 2, "get", "{}");
    assertThat(text(after)).as(after.toString()).isEqualTo("0");
    assertThat(after.at("result/content/1/text")).contains("started anew");
  }

  private Reply ask(String link, int id, String method, String params) {
    return worker.send(
        Ask.post(
                "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"%s\",\"params\":%s}"
                    .formatted(id, method, params))
            .over(link)
            .to(ADDRESS));
  }

  @Test
  void what_a_server_was_to_tell_it_is_to_tell_after_its_death_and_the_workers() throws Exception {
    bring(JsonObject.EMPTY, "--stdio", "--era", "legacy");
    String link = link();
    ask(link, 1, "resources/subscribe", "{\"uri\":\"file:///a\"}");
    ask(link, 2, "resources/subscribe", "{\"uri\":\"file:///b\"}");
    ask(link, 3, "resources/unsubscribe", "{\"uri\":\"file:///a\"}");
    ask(link, 4, "logging/setLevel", "{\"level\":\"warning\"}");
    assertThat(text(call(link, 5, "asked", "{}"))).isEqualTo("file:///b level warning");
    kill(link, 6);
    assertThat(text(call(link, 7, "asked", "{}"))).isEqualTo("file:///b level warning");
    worker.restart();
    bring(JsonObject.EMPTY, "--stdio", "--era", "legacy");
    assertThat(text(call(link, 8, "asked", "{}"))).isEqualTo("file:///b level warning");
  }

  @Test
  void a_resource_to_whose_changes_nobody_listens_any_more_is_unsubscribed() throws Exception {
    bring(JsonObject.EMPTY, "--stdio", "--era", "legacy");
    String link = link();
    MemoryExchange stream =
        worker.begin(
            Ask.modern(
                    "subscriptions/listen",
                    "\"notifications\":{\"resourceSubscriptions\":[\"file:///a\"]}")
                .to(ADDRESS));
    awaitAsked(link, 1, "file:///a");
    stream.leave();
    awaitAsked(link, 1_000, "");
  }

  private void awaitAsked(String link, int firstId, String expected) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    String asked = text(call(link, firstId, "asked", "{}"));
    for (int id = firstId + 1; !asked.equals(expected) && System.nanoTime() < end; id++) {
      asked = text(call(link, id, "asked", "{}"));
    }
    assertThat(asked).isEqualTo(expected);
  }

  @Test
  void a_server_that_nobody_brought_begins_no_session() {
    Reply reply = worker.send(Ask.modernCall("add", "{\"n\":1}").to("/s/nobody/u/echo/mcp"));
    assertThat(reply.message().toString()).as(reply.toString()).contains("no server echo");
    Reply listed = worker.send(Ask.modernCall("session_list", "{}"));
    assertThat(listed.message().toString()).doesNotContain("nobody");
  }

  @Test
  void a_session_of_planarias_own_takes_no_server() {
    StdioCommand command = EchoServer.command("--stdio");
    JsonObject body = JsonObject.builder().put("command", command.argv().getFirst()).build();
    Reply reply =
        worker.send(Ask.post(Json.writeBytes(body)).to("/api/v1/upstreams/planaria.shared/echo"));
    assertThat(reply.status()).as(reply.toString()).isEqualTo(400);
    assertThat(reply.message().toString()).contains("planaria.");
  }
}
