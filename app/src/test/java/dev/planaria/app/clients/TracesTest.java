package dev.planaria.app.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.planaria.app.clients.processes.DaemonSetup;
import dev.planaria.chaos.client.McpClient;
import dev.planaria.chaos.process.Launch;
import dev.planaria.chaos.process.ScratchDaemon;
import dev.planaria.chaos.process.Victims;
import dev.planaria.engine.json.JsonObject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A real daemon tells a collector of calls, and of the recovery after its worker was killed.
class TracesTest {

  private static final long PATIENCE_SECONDS = 60;

  @TempDir Path scratch;

  private final BlockingQueue<String> batches = new LinkedBlockingQueue<>();

  private HttpServer collector() throws Exception {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer server = HttpServer.create(address, 0);
    server.createContext(
        "/v1/traces",
        exchange -> {
          try (exchange) {
            batches.add(
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
            exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
          }
        });
    server.start();
    return server;
  }

  /// Takes batches until all of these were in one.
  private void awaitSpans(String... names) throws InterruptedException {
    var seen = new StringBuilder();
    for (String name : names) {
      while (seen.indexOf(name) < 0) {
        String batch = batches.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(batch).as("a batch of spans with %s", name).isNotNull();
        seen.append(batch);
      }
    }
  }

  @Test
  @Timeout(300)
  void a_collector_hears_of_calls_and_of_recoveries() throws Exception {
    HttpServer server = collector();
    var setup = new DaemonSetup(scratch, "");
    Files.createDirectories(setup.aim());
    Launch plain = setup.launch();
    var environment = new HashMap<>(plain.environment());
    environment.put(
        "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + server.getAddress().getPort());
    var launch = new Launch(plain.command(), environment, plain.data(), plain.wrap());
    try (ScratchDaemon daemon = ScratchDaemon.start(launch);
        McpClient client = McpClient.connect(daemon.url(), daemon.token(), 30_000)) {
      JsonObject name = JsonObject.builder().put("name", "traced").build();
      client.call("session_open", name);
      // The library is loaded behind the start; a call after that is traced.
      String first = null;
      while (first == null) {
        client.call("session_open", name);
        first = batches.poll(500, TimeUnit.MILLISECONDS);
      }
      batches.add(first);
      awaitSpans("tools/call session_open", "planaria");
      assertThat(Victims.of(daemon.worker().get()).kill()).isEqualTo(1);
      client.call("session_open", name);
      awaitSpans("recovery replay", "immediate_restart");
    } finally {
      server.stop(0);
    }
  }
}
