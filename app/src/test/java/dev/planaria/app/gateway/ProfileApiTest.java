package dev.planaria.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.gateway.upstreams.StdioCommand;
import dev.planaria.app.gateway.upstreams.echo.EchoServer;
import dev.planaria.chaos.process.Victims;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Recordings of calls, and the profiles that are proposed on their strength.
class ProfileApiTest {
  private static final String ADDRESS = "/s/work/u/echo/mcp";
  private static final String SERVER = "/api/v1/upstreams/work/echo";

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

  private void bring(String planaria) {
    StdioCommand command = EchoServer.command("--stdio", "--era", "legacy");
    JsonObject body =
        JsonObject.builder()
            .put("command", command.argv().getFirst())
            .put("args", JsonArray.ofStrings(command.argv().subList(1, command.argv().size())))
            .put("planaria", Json.parseObject(planaria, JsonLimits.DEFAULT))
            .build();
    Reply reply = worker.send(Ask.post(Json.writeBytes(body)).to(SERVER));
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
    return String.valueOf(reply.headers().get("Mcp-Session-Id"));
  }

  private String call(String link, int id, String tool, String arguments) {
    return worker
        .send(TestWorker.callOf(link, id, tool, arguments).to(ADDRESS))
        .at("result/content/0/text");
  }

  private Reply record(String action) {
    return worker.send(Ask.post("{\"action\":\"" + action + "\"}").to(SERVER + "/record"));
  }

  private Reply get(String path) {
    return worker.send(Ask.of("GET", path));
  }

  private JsonObject proposal() {
    Reply reply = get(SERVER + "/profile");
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return Json.parseObject(reply.body(), JsonLimits.DEFAULT);
  }

  private static String id(String made) {
    return Reply.at(Json.parse(made, JsonLimits.DEFAULT), "id");
  }

  private void refused(Reply reply, int status, String code, String words) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    assertThat(reply.body()).contains("\"" + code + "\"").contains(words);
    assertThat(worker.isServing()).isTrue();
  }

  @Test
  void a_proposal_taken_as_it_is_rebuilds_the_servers_state() throws Exception {
    bring("{}");
    String link = link();
    assertThat(record("start").at("calls")).isEqualTo("0");
    call(link, 1, "add", "{\"n\":3}");
    call(link, 2, "look", "{\"id\":\"" + id(call(link, 3, "make", "{\"name\":\"a\"}")) + "\"}");
    JsonObject proposal = proposal();
    assertThat(Json.write(proposal))
        .contains("the id at /id of make came back in look.id once")
        .contains("declared not read-only by the server (called once)")
        .contains("never called in this run: ask, change, die, effect,")
        .contains("Replaying a call runs it again");
    String planaria = Json.write(Objects.requireNonNull(proposal.get("planaria")));
    assertThat(planaria)
        .startsWith("{\"profile\":{\"replay\":[\"add\",\"make\"],\"ids\":{\"make\":[\"/id\"]}")
        .contains("\"read_only\":[\"echo\",\"get\",\"look\",\"pid\",\"sleep\"]");
    bring(planaria);
    call(link, 4, "add", "{\"n\":7}");
    String made = id(call(link, 5, "make", "{\"name\":\"worm\"}"));
    ProcessHandle child =
        ProcessHandle.of(Long.parseLong(call(link, 6, "pid", "{}"))).orElseThrow();
    assertThat(Victims.of(child).kill()).isEqualTo(1);
    assertThat(call(link, 7, "look", "{\"id\":\"" + made + "\"}")).isEqualTo("worm");
    assertThat(call(link, 8, "get", "{}")).isEqualTo("7");
    // The recording outlived the server's first definition and its first process.
    assertThat(Reply.at(proposal(), "recording/calls")).isEqualTo("8");
  }

  @Test
  void a_recording_is_ended_shown_replaced_and_forgotten() {
    bring("{}");
    String link = link();
    record("start");
    call(link, 1, "add", "{\"n\":3}");
    assertThat(record("stop").at("until")).isNotEqualTo("(none)");
    call(link, 2, "add", "{\"n\":3}");
    assertThat(Reply.at(proposal(), "recording/calls")).isEqualTo("1");
    assertThat(get("/api/v1/recordings").body()).contains("\"server\":\"echo\"", "\"work\"");
    assertThat(record("start").at("calls")).isEqualTo("0");
    assertThat(record("forget").status()).isEqualTo(200);
    assertThat(get("/api/v1/recordings").body()).isEqualTo("[]");
  }

  @Test
  void what_cannot_be_recorded_or_shown_is_refused_by_name() {
    bring("{}");
    refused(get("/api/v1/upstreams/no/echo/profile"), 404, "NOT_FOUND", "no session");
    refused(get("/api/v1/upstreams/work/no/profile"), 404, "NOT_FOUND", "no server of that name");
    refused(get(SERVER + "/profile"), 422, "WRONG_STATE", "--record begins a recording");
    refused(record("stop"), 422, "WRONG_STATE", "--record begins a recording");
    refused(record("nonsense"), 400, "INVALID_ARGUMENT", "`action` must be one of");
    refused(worker.send(Ask.post("{}").to(SERVER + "/record")), 400, "INVALID_ARGUMENT", "action");
    record("start");
    refused(record("start"), 422, "WRONG_STATE", "being recorded already");
    refused(get(SERVER + "/profile"), 422, "WRONG_STATE", "no call of a tool of echo was seen");
    worker.restart();
    bring("{}");
    refused(get(SERVER + "/profile"), 422, "WRONG_STATE", "as long as the daemon's worker");
  }

  @Test
  void recordings_are_bounded_in_number() {
    for (int i = 0; i < 8; i++) {
      String server = "/api/v1/upstreams/work/s" + i;
      worker.send(Ask.post("{\"command\":\"true\"}").to(server));
      assertThat(worker.send(Ask.post("{\"action\":\"start\"}").to(server + "/record")).status())
          .isEqualTo(200);
    }
    bring("{}");
    refused(record("start"), 422, "LIMIT_EXCEEDED", "8 recordings already");
  }

  @Test
  void no_token_but_the_operators_records_anything() {
    worker.clientTokens("alice " + Hash.sha256("alice-1".getBytes(StandardCharsets.UTF_8)) + "\n");
    bring("{}");
    Ask ask = Ask.post("{\"action\":\"start\"}").to(SERVER + "/record");
    assertThat(worker.send(ask.instead("Authorization", "Bearer alice-1")).status()).isEqualTo(403);
    assertThat(
            worker
                .send(Ask.of("GET", SERVER + "/profile").instead("Authorization", "Bearer alice-1"))
                .status())
        .isEqualTo(403);
  }

  @Test
  void a_sensitive_call_is_not_looked_at_and_no_value_is_shown() {
    bring("{\"sensitive\":{\"effect\":[\"/id\"]},\"read_only\":[\"echo\"]}");
    String link = link();
    record("start");
    call(link, 1, "effect", "{\"id\":\"secret-4711\"}");
    call(link, 2, "echo", "{\"text\":\"value-4712\"}");
    JsonObject proposal = proposal();
    assertThat(Reply.at(proposal, "recording/calls")).isEqualTo("1");
    assertThat(Json.write(proposal))
        .contains("1 call was not looked at")
        .contains("\"sensitive\":{\"effect\":[\"/id\"]}")
        .doesNotContain("secret-4711", "value-4712");
  }
}
