package dev.planaria.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.gateway.calls.CallRecord;
import dev.planaria.app.gateway.calls.Calls;
import dev.planaria.app.gateway.calls.InflightLimits;
import dev.planaria.app.gateway.upstreams.StdioCommand;
import dev.planaria.app.gateway.upstreams.echo.EchoServer;
import dev.planaria.app.gateway.wire.Address;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.app.gateway.wire.RpcId;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Arguments that the operator calls sensitive are in no file, at no time.
class SensitiveCallsTest {
  private static final String ADDRESS = "/s/work/u/echo/mcp";
  private static final String SECRET = "hunter2-4711";
  private static final String ORDINARY = "value-4712";

  @TempDir Path directory;
  @TempDir Path effects;

  private TestWorker worker;

  @BeforeEach
  void begin() {
    worker = TestWorker.on(directory);
    bring();
  }

  @AfterEach
  void end() {
    worker.close();
    assertThat(ProcessHandle.current().descendants()).isEmpty();
  }

  private void bring() {
    StdioCommand command =
        EchoServer.command(
            "--stdio", "--era", "legacy", "--effects", effects.resolve("effects").toString());
    JsonObject body =
        JsonObject.builder()
            .put("command", command.argv().getFirst())
            .put("args", JsonArray.ofStrings(command.argv().subList(1, command.argv().size())))
            .put(
                "planaria",
                Json.parseObject(
                    "{\"sensitive\":{\"effect\":[\"/password\"]}}", JsonLimits.DEFAULT))
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
    return String.valueOf(reply.headers().get("Mcp-Session-Id"));
  }

  private long filesWith(String text) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      long found = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(text)) {
          found++;
        }
      }
      return found;
    }
  }

  @Test
  void a_sensitive_call_runs_once_and_is_in_no_file() throws Exception {
    String link = link();
    Ask call =
        TestWorker.callOf(
                link,
                1,
                "effect",
                "{\"id\":\"e1\",\"password\":\"" + SECRET + "\",\"delayMs\":300}")
            .to(ADDRESS);
    MemoryExchange running = worker.begin(call);
    running.awaitText("data: \n\n");
    assertThat(filesWith(SECRET)).as("while it runs").isZero();
    assertThat(running.awaitEnd().at("result/content/0/text")).isEqualTo("done e1");
    assertThat(worker.send(call).at("result/content/0/text")).as("once more").isEqualTo("done e1");
    assertThat(Files.readAllLines(effects.resolve("effects"))).hasSize(1);
    worker.send(TestWorker.callOf(link, 2, "effect", "{\"id\":\"" + ORDINARY + "\"}").to(ADDRESS));
    assertThat(filesWith(SECRET)).isZero();
    assertThat(filesWith(ORDINARY)).as("a look that finds what is written down").isPositive();
  }

  @Test
  void a_sensitive_call_that_a_dead_worker_has_left_is_answered_and_not_run() throws Exception {
    String link = link();
    worker.close();
    var record =
        new CallRecord(
            "stream",
            link,
            "operator",
            new Address("work", "echo"),
            new RpcId(JsonNumber.of(7)),
            Hash.ZERO,
            "op7",
            1_800_000_000_000L);
    try (Calls calls =
        Calls.open(directory, InflightLimits.DEFAULT, new Silent(), new ArrayList<>())) {
      calls.admit(record, new byte[0]);
    }
    worker = TestWorker.on(directory);
    bring();
    Reply reply =
        worker.send(
            Ask.of("GET", ADDRESS)
                .with("Accept", "text/event-stream")
                .with("Last-Event-ID", "stream-0")
                .over(link));
    assertThat(reply.at("error/message"))
        .as(reply.toString())
        .contains("whether the call has run is unknown", "operation op7");
    assertThat(effects.resolve("effects")).doesNotExist();
  }

  private static final class Silent implements Log {
    @Override
    public void info(String message) {}

    @Override
    public void warn(String message, @Nullable Throwable cause) {
      throw new AssertionError(message, cause);
    }
  }
}
