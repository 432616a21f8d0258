package dev.planaria.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.gateway.copies.Hoarder;
import dev.planaria.app.gateway.upstreams.ProgramPath;
import dev.planaria.chaos.process.Victims;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A server that keeps its data inside its package, behind Planaria: with a private copy it comes
/// back as it was; without one its old data come back too, which is seen; and where no copy can be
/// made that is said, and nothing is claimed.
@DisabledOnOs(OS.WINDOWS)
@Timeout(120)
class PrivateCopyRelayTest {
  private static final String ADDRESS = "/s/work/u/hoarder/mcp";
  private static final String REPLAY = "\"replay\":[\"keep\"],\"ids\":{\"keep\":[\"/id\"]}";
  private static final String BEFORE = ",\"before_replay\":[\"data/things.json\"]";
  private static final String PRIVATE = ",\"private_copy\":true";
  private static final String READ_ONLY = "\"read_only\":[\"list\",\"pid\",\"where\"]";

  @TempDir Path scratch;

  private TestWorker worker;
  private Hoarder hoarder;
  private List<String> before;
  private int lastId;

  @BeforeEach
  void begin() throws IOException {
    String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
    boolean node = ProgramPath.find("node", path).isPresent();
    String reason = "SKIPPED: there is no `node` on the PATH, so no server runs from a copy";
    if (!node && System.getenv("CI") != null) {
      throw new AssertionError(reason + "; in CI one must");
    }
    if (!node) {
      System.out.println(reason);
    }
    Assumptions.assumeTrue(node, reason);
    hoarder = Hoarder.in(Files.createDirectory(scratch.resolve("installed")));
    before = hoarder.contents();
    worker = TestWorker.on(Files.createDirectory(scratch.resolve("data")));
  }

  @AfterEach
  void end() {
    if (worker != null) {
      worker.close();
      assertThat(ProcessHandle.current().descendants()).isEmpty();
    }
  }

  private void bring(String profile, String... argv) {
    JsonObject body =
        JsonObject.builder()
            .put("command", argv[0])
            .put("args", JsonArray.ofStrings(List.of(argv).subList(1, argv.length)))
            .put(
                "planaria",
                Json.parseObject(
                    "{\"profile\":{" + profile + "}," + READ_ONLY + "}", JsonLimits.OWN))
            .build();
    Reply reply = worker.send(Ask.post(Json.writeBytes(body)).to("/api/v1/upstreams/work/hoarder"));
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
    assertThat(reply.at("result/serverInfo/name")).as(reply.toString()).isEqualTo("hoarder");
    return String.valueOf(reply.headers().get("Mcp-Session-Id"));
  }

  private Reply call(String link, String tool, String arguments) {
    return worker.send(TestWorker.callOf(link, ++lastId, tool, arguments).to(ADDRESS));
  }

  private static JsonObject said(Reply reply) {
    String text = reply.at("result/content/0/text");
    assertThat(text).as(reply.toString()).startsWith("{");
    return Json.parseObject(text, JsonLimits.OWN);
  }

  /// Keeps three things.
  ///
  /// @return their ids
  private List<String> keepThree(String link) {
    var ids = new ArrayList<String>();
    for (String name : List.of("shell", "stone", "feather")) {
      ids.add(Reply.at(said(call(link, "keep", "{\"name\":\"" + name + "\"}")), "id"));
    }
    return ids;
  }

  private static List<String> ids(Reply listed) {
    var ids = new ArrayList<String>();
    if (said(listed).get("things") instanceof JsonArray things) {
      things.items().forEach(thing -> ids.add(Reply.at(thing, "id")));
    }
    return ids;
  }

  private void kill(String link) throws Exception {
    long pid = Long.parseLong(Reply.at(said(call(link, "pid", "{}")), "pid"));
    ProcessHandle child = ProcessHandle.of(pid).orElseThrow();
    assertThat(Victims.of(child).kill()).isEqualTo(1);
  }

  private List<Path> copies() throws IOException {
    Path copies = scratch.resolve("data").resolve("copies");
    if (!Files.exists(copies)) {
      return List.of();
    }
    try (Stream<Path> found = Files.list(copies)) {
      return found.toList();
    }
  }

  @Test
  void a_server_with_data_in_its_package_comes_back_as_it_was() throws Exception {
    String[] command = {"node", hoarder.script().toString()};
    bring(REPLAY + PRIVATE + BEFORE, command);
    String link = link();
    List<String> first = keepThree(link);
    assertThat(ids(call(link, "list", "{}"))).isEqualTo(first);
    Path file = Path.of(Reply.at(said(call(link, "where", "{}")), "file"));
    assertThat(file).startsWith(scratch.toRealPath().resolve("data/copies")).exists();
    for (int i = 0; i < 3; i++) {
      kill(link);
      Reply after = call(link, "list", "{}");
      assertThat(ids(after)).isEqualTo(first);
      assertThat(after.message().toString()).doesNotContain("started anew");
      assertThat(copies()).hasSize(1);
    }
    assertThat(file).doesNotExist();
    worker.restart();
    bring(REPLAY + PRIVATE + BEFORE, command);
    assertThat(ids(call(link, "list", "{}"))).isEqualTo(first);
    worker.send(Ask.post("{}").to("/api/v1/upstreams/work/hoarder/release"));
    assertThat(copies()).isEmpty();
    assertThat(hoarder.contents()).isEqualTo(before);
  }

  @Test
  void what_is_not_left_out_of_the_copy_is_there_again() throws Exception {
    bring(REPLAY + PRIVATE, "node", hoarder.script().toString());
    String link = link();
    List<String> first = keepThree(link);
    kill(link);
    assertThat(ids(call(link, "list", "{}"))).hasSize(4).containsAll(first);
  }

  @Test
  void without_a_copy_the_server_finds_its_data_again_and_everything_is_there_twice()
      throws Exception {
    bring(REPLAY, "node", hoarder.script().toString());
    String link = link();
    List<String> first = keepThree(link);
    kill(link);
    assertThat(ids(call(link, "list", "{}"))).hasSize(7).containsAll(first);
  }

  @Test
  void where_no_copy_can_be_made_the_server_runs_and_its_loss_is_told() throws Exception {
    bring(REPLAY + PRIVATE + BEFORE, "sh", "-c", "exec node " + hoarder.script());
    String link = link();
    List<String> first = keepThree(link);
    assertThat(upstreams())
        .contains("its state will not be built up again when it ends", "NOT_A_NODE_SCRIPT");
    kill(link);
    Reply after = call(link, "list", "{}");
    assertThat(after.at("result/content/1/text"))
        .contains("started anew")
        .contains("was not built up again as a whole (its calls were not made again")
        .contains("NOT_A_NODE_SCRIPT")
        .contains("write the command as `node` with the path of the server's script");
    assertThat(ids(after)).hasSize(4).containsAll(first);
    assertThat(call(link, "list", "{}").message().toString()).doesNotContain("started anew");
    assertThat(upstreams()).contains("its state was not built up again as a whole");
    assertThat(copies()).isEmpty();
  }

  private String upstreams() {
    return String.valueOf(worker.send(Ask.of("GET", "/api/v1/upstreams")));
  }

  @Test
  void a_server_behind_a_url_cannot_have_a_copy() {
    Reply reply =
        worker.send(
            Ask.post(
                    "{\"type\":\"http\",\"url\":\"http://127.0.0.1:1/mcp\",\"planaria\":{\"profile\":"
                        + "\"ruv-swarm\"}}")
                .to("/api/v1/upstreams/work/far"));
    assertThat(reply.toString()).contains("of a server behind a URL no copy can be made");
  }
}
