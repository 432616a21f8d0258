package dev.planaria.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.gateway.upstreams.StdioCommand;
import dev.planaria.app.gateway.upstreams.echo.EchoServer;
import dev.planaria.chaos.process.Victims;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A profile is proposed for a server with a memory, put into the file of servers as it is, and
/// then the memory outlives the server: a real daemon, a real child, and the command as typed.
@DisabledOnOs(OS.WINDOWS)
class ProfileCommandTest {
  private static final long PATIENCE_SECONDS = 60;

  @TempDir Path scratch;

  private int operations;

  private void configure(JsonObject planaria) throws IOException {
    StdioCommand command = EchoServer.command("--stdio", "--era", "legacy");
    JsonObject server =
        JsonObject.builder()
            .put("command", command.argv().getFirst())
            .put("args", JsonArray.ofStrings(command.argv().subList(1, command.argv().size())))
            .put("planaria", planaria)
            .build();
    JsonObject servers = JsonObject.builder().put("echo", server).build();
    Path fresh = scratch.resolve("servers.new");
    Files.writeString(fresh, Json.write(JsonObject.builder().put("mcpServers", servers).build()));
    Files.move(
        fresh,
        scratch.resolve("servers.json"),
        java.nio.file.StandardCopyOption.ATOMIC_MOVE,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private String call(EchoCalls client, String tool, String arguments) throws Exception {
    List<JsonObject> answers = client.call("op" + operations++, tool, arguments);
    assertThat(answers).hasSize(1);
    JsonObject result = Shown.object(answers.getFirst(), "result");
    return Shown.text(Shown.objects(result, "content").getFirst(), "text");
  }

  private String make(EchoCalls client, String name) throws Exception {
    String made = call(client, "make", "{\"name\":\"" + name + "\"}");
    return Shown.text(Json.parseObject(made, JsonLimits.OWN), "id");
  }

  private String look(EchoCalls client, String id) throws Exception {
    return call(client, "look", "{\"id\":\"" + id + "\"}");
  }

  private void kill(EchoCalls client) throws Exception {
    ProcessHandle server =
        ProcessHandle.of(Long.parseLong(call(client, "pid", "{}"))).orElseThrow();
    assertThat(Victims.of(server).kill()).isEqualTo(1);
  }

  private Terminal.Finished planaria(String... words) {
    var all = new java.util.ArrayList<>(List.of(words));
    all.addAll(List.of("--data", scratch.resolve("data").toString()));
    return new Terminal(scratch).run(all.toArray(String[]::new));
  }

  private void awaitLetGo() throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (planaria("upstreams").out().contains("echo")) {
      assertThat(System.nanoTime()).as("the file is read again").isLessThan(deadline);
      assertThat(new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS)).isFalse();
    }
  }

  @Test
  void what_is_proposed_makes_the_state_outlive_the_server() throws Exception {
    configure(JsonObject.EMPTY);
    Path data = scratch.resolve("data");
    try (WrappedDaemon daemon = new WrappedDaemon(data);
        RealDaemon _ =
            RealDaemon.on(data, scratch, "--config", scratch.resolve("servers.json").toString());
        EchoCalls client =
            new EchoOverHttp(daemon.await("a daemon", _ -> true), "/s/work/u/echo/mcp")) {
      // A run that is recorded, in which the server dies and forgets.
      assertThat(planaria("profile", "echo", "--record").out()).contains("are being recorded");
      call(client, "add", "{\"n\":3}");
      String first = make(client, "first");
      assertThat(look(client, first)).isEqualTo("first");
      kill(client);
      assertThat(look(client, first)).isEqualTo("unknown id");
      assertThat(call(client, "get", "{}")).isEqualTo("0");

      Terminal.Finished shown = planaria("profile", "echo");
      System.out.println(shown.out());
      assertThat(shown.status()).isZero();
      assertThat(shown.out())
          .contains("\"replay\": [\"add\", \"make\"]", "\"ids\": {", "\"make\": [\"/id\"]")
          .contains("the id at /id of make came back in look.id once")
          .contains("declared not read-only by the server (called once)")
          .contains("WARNING: Replaying a call runs it again");
      JsonObject planaria = Shown.object(planaria("profile", "echo", "--json").json(), "planaria");
      assertThat(shown.out()).contains("\"planaria\": " + IndentedJson.of(planaria, ""));
      assertThat(planaria("profile", "echo", "--stop").out()).contains("5 calls looked at");

      // Put into the file as it is.
      configure(planaria);
      awaitLetGo();
      call(client, "add", "{\"n\":3}");
      call(client, "add", "{\"n\":4}");
      String second = make(client, "second");
      String third = make(client, "third");
      kill(client);
      assertThat(look(client, second)).isEqualTo("second");
      assertThat(look(client, third)).isEqualTo("third");
      assertThat(call(client, "get", "{}")).isEqualTo("7");
      kill(client);
      assertThat(look(client, third)).isEqualTo("third");
    }
  }

  @Test
  void what_cannot_be_proposed_is_said_and_has_its_status() throws Exception {
    configure(JsonObject.EMPTY);
    Path data = scratch.resolve("data");
    assertThat(planaria("profile", "echo").status()).isEqualTo(ExitStatus.NOT_RUNNING.code());
    try (WrappedDaemon daemon = new WrappedDaemon(data);
        RealDaemon _ =
            RealDaemon.on(data, scratch, "--config", scratch.resolve("servers.json").toString())) {
      var file = daemon.await("a daemon", _ -> true);
      refused(ExitStatus.NOT_FOUND, "no session uses a server nobody now", "profile", "nobody");
      refused(ExitStatus.NOT_FOUND, "no session of that name", "profile", "echo", "--session", "x");
      try (EchoCalls one = new EchoOverHttp(file, "/s/one/u/echo/mcp");
          EchoCalls other = new EchoOverHttp(file, "/s/other/u/echo/mcp")) {
        call(one, "get", "{}");
        call(other, "get", "{}");
        refused(ExitStatus.USAGE, "say which with --session: one, other", "profile", "echo");
        refused(
            ExitStatus.FAILED,
            "nothing of the server echo is recorded",
            "profile",
            "echo",
            "--session",
            "one");
        planaria("profile", "echo", "--session", "one", "--record");
        refused(
            ExitStatus.FAILED,
            "no call of a tool of echo was seen",
            "profile",
            "echo",
            "--session",
            "one");
        refused(
            ExitStatus.FAILED,
            "being recorded already",
            "profile",
            "echo",
            "--session",
            "one",
            "--record");
        assertThat(planaria("profile").out()).contains("echo", "one");
        assertThat(planaria("profile", "echo", "--session", "one", "--forget").status()).isZero();
        assertThat(planaria("profile").out()).contains("nothing is recorded");
      }
      refused(ExitStatus.USAGE, "exclude each other", "profile", "echo", "--record", "--stop");
      refused(ExitStatus.USAGE, "name the server", "profile", "--record");
    }
  }

  private void refused(ExitStatus status, String words, String... arguments) {
    Terminal.Finished finished = planaria(arguments);
    assertThat(finished.err()).contains(words).doesNotContain("\tat ");
    assertThat(finished.status()).isEqualTo(status.code());
    var json = new java.util.ArrayList<>(List.of(arguments));
    json.add("--json");
    JsonObject error = Shown.object(planaria(json.toArray(String[]::new)).json(), "error");
    assertThat(Objects.requireNonNull(error.get("code"))).isEqualTo(new JsonString(status.name()));
  }
}
