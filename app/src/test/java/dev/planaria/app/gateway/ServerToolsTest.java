package dev.planaria.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.gateway.upstreams.StdioCommand;
import dev.planaria.app.gateway.upstreams.echo.EchoServer;
import dev.planaria.chaos.process.Victims;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The tools of a session's servers at the session's own address.
class ServerToolsTest {
  private static final String ADDRESS = "/s/work/mcp";
  private static final String LONG = "a server. with a name that nobody can use as a tool's";

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

  private void bring(String name, List<String> command) {
    JsonObject body =
        JsonObject.builder()
            .put("command", command.getFirst())
            .put("args", JsonArray.ofStrings(command.subList(1, command.size())))
            .build();
    String path = "/api/v1/upstreams/work/" + name.replace(" ", "%20");
    Reply reply = worker.send(Ask.post(Json.writeBytes(body)).to(path));
    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
  }

  private void bringEcho(String name) {
    StdioCommand command = EchoServer.command("--stdio");
    bring(name, command.argv());
  }

  private Reply list() {
    return worker.send(Ask.modern("tools/list", "").to(ADDRESS));
  }

  private static List<String> names(Reply list) {
    JsonObject result = (JsonObject) Objects.requireNonNull(list.message().get("result"));
    return ((JsonArray) Objects.requireNonNull(result.get("tools")))
        .items().stream()
            .map(tool -> ((JsonString) Objects.requireNonNull(((JsonObject) tool).get("name"))))
            .map(JsonString::value)
            .toList();
  }

  private Reply modern(String tool, String arguments) {
    return worker.send(Ask.modernCall(tool, arguments).to(ADDRESS));
  }

  private static String text(Reply reply) {
    return reply.at("result/content/0/text");
  }

  @Test
  void tools_of_all_servers_are_listed_beside_ours_and_called_by_both_eras() {
    bringEcho("one");
    bringEcho("two");
    Reply list = list();
    assertThat(names(list))
        .as(list.toString())
        .contains("session_open", "one__add", "one__echo", "two__add")
        .doesNotHaveDuplicates();
    assertThat(list.at("result/ttlMs")).isEqualTo("0");
    assertThat(text(modern("one__add", "{\"n\":7}"))).isEqualTo("7");
    String link = worker.link("2025-11-25");
    Reply legacy = worker.send(TestWorker.callOf(link, 1, "one__add", "{\"n\":1}").to(ADDRESS));
    assertThat(text(legacy)).as(legacy.toString()).isEqualTo("8");
    assertThat(text(modern("two__get", "{}"))).isEqualTo("0");
    assertThat(modern("session_status", "{}").at("result/structuredContent/name"))
        .isEqualTo("work");
  }

  @Test
  void without_servers_the_list_is_ours_alone_and_may_be_kept() {
    Reply list = list();
    assertThat(names(list)).contains("session_open").noneMatch(name -> name.contains("__"));
    assertThat(list.at("result/cacheScope")).isEqualTo("public");
    assertThat(modern("one__add", "{\"n\":7}").at("error/message")).contains("no tool one__add");
  }

  @Test
  void the_same_call_at_both_addresses_runs_once() {
    bringEcho("one");
    String link = worker.link("2025-11-25");
    String call =
        "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"tools/call\",\"params\":{\"name\":\"%s\","
            + "\"_meta\":{\"dev.planaria/operationId\":\"op1\"},\"arguments\":{\"n\":7}}}";
    Ask ask = TestWorker.callOf(link, 1, "add", "{}");
    Reply here =
        worker.send(
            ask.body(call.formatted(1, "one__add").getBytes(StandardCharsets.UTF_8)).to(ADDRESS));
    Reply there =
        worker.send(
            ask.body(call.formatted(2, "add").getBytes(StandardCharsets.UTF_8))
                .to("/s/work/u/one/mcp"));
    assertThat(text(here)).as(here.toString()).isEqualTo("7");
    assertThat(text(there)).as(there.toString()).isEqualTo("7");
    assertThat(text(modern("one__get", "{}"))).isEqualTo("7");
  }

  @Test
  void what_models_refuse_as_a_name_ends_in_a_hash_and_can_be_called() {
    bringEcho(LONG);
    List<String> own =
        names(
            worker.send(
                Ask.modern("tools/list", "").to("/s/work/u/" + LONG.replace(" ", "%20") + "/mcp")));
    List<String> shown =
        names(list()).stream().filter(tool -> tool.startsWith("a_server_")).toList();
    assertThat(shown)
        .hasSameSizeAs(own)
        .doesNotHaveDuplicates()
        .allMatch(tool -> tool.matches("[a-zA-Z0-9_-]{1,48}"));
    assertThat(text(modern(shown.get(own.indexOf("add")), "{\"n\":7}"))).isEqualTo("7");
    assertThat(text(modern(shown.get(own.indexOf("get")), "{}"))).isEqualTo("7");
    assertThat(modern("a_server__0badcafe", "{}").at("error/message")).contains("no tool");
  }

  @Test
  void a_server_that_cannot_be_listed_hides_no_other_and_is_named() throws Exception {
    bringEcho("one");
    bring("broken", List.of("false"));
    Reply list = list();
    assertThat(names(list)).contains("one__add", "session_open");
    assertThat(list.message().toString()).contains("dev.planaria/missing", "broken");
    long pid = Long.parseLong(text(modern("one__pid", "{}")));
    ProcessHandle child = ProcessHandle.of(pid).orElseThrow();
    assertThat(Victims.of(child).kill()).isEqualTo(1);
    assertThat(text(modern("one__get", "{}"))).isEqualTo("0");
  }
}
