package dev.planaria.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.planaria.app.daemon.DaemonFile;
import dev.planaria.app.gateway.Ask;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A real daemon whose worker is killed with -9 again and again, and a real receiver that is down
/// meanwhile: it hears of the crash loop later, once.
@Timeout(300)
class AlertsProcessTest {
  private static final String SECRET = "between the two of us";
  private static final long PATIENCE_SECONDS = 120;

  @TempDir Path home;

  private final BlockingQueue<Got> got = new LinkedBlockingQueue<>();
  private final AtomicBoolean down = new AtomicBoolean(true);

  private record Got(String id, String time, String signature, String body) {
    JsonObject json() {
      return Json.parseObject(body, JsonLimits.DEFAULT);
    }
  }

  @Test
  void an_alert_that_is_raised_while_its_receiver_is_down_arrives_later_once_and_stays_handled()
      throws Exception {
    HttpServer receiver = receive();
    Path secret = Files.writeString(home.resolve("hook.secret"), SECRET + "\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    Path config =
        Files.writeString(
            home.resolve("servers.json"),
            "{\"mcpServers\":{},\"planaria\":{\"notifiers\":[{\"type\":\"webhook\",\"url\":"
                + "\"http://127.0.0.1:"
                + receiver.getAddress().getPort()
                + "/hook\",\"secret_file\":\"hook.secret\"}]}}");
    Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-------"));
    var terminal = new Terminal(home);
    try (var daemon = RealDaemon.on(terminal.data(), home, "--config", config.toString())) {
      Objects.requireNonNull(daemon);
      for (int kill = 0; kill < 3; kill++) {
        killWorker(terminal.data());
      }
      JsonObject alert = awaitAlert(terminal);
      assertThat(Shown.text(alert, "severity")).isEqualTo("critical");
      assertThat(Shown.text(alert, "state")).isEqualTo("firing");
      assertThat(Shown.text(alert, "what_to_do")).isNotBlank();
      String id = Shown.text(alert, "alert_id");
      assertThat(terminal.run("alerts").out()).contains(id, "the worker died");
      assertThat(modernCall(terminal.data()))
          .as("a modern client, in its next result")
          .contains("\"dev.planaria/alerts\":[{\"alert_id\":\"" + id + "\"");
      assertThat(modernCall(terminal.data())).as("once").doesNotContain(id);
      assertThat(terminal.run("alerts", "acknowledge", id).status()).isZero();
      assertThat(terminal.run("alerts", "acknowledge", "none-such").status()).isEqualTo(3);
      var health = (JsonObject) DaemonClient.require(terminal.data()).get("/api/v1/health");
      assertThat(
              Shown.objects(health, "components").stream().map(one -> Shown.text(one, "component")))
          .containsExactly("store", "recovery", "connections", "agents", "tasks", "disk", "memory");
      assertThat(Shown.objects(health, "risks")).isNotEmpty();
      killWorker(terminal.data());
      down.set(false);
      Got first = got.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(first).isNotNull();
      assertThat(Shown.text(first.json(), "event")).isEqualTo("alert_fired");
      assertThat(Shown.text(first.json(), "event_id")).isEqualTo(first.id());
      assertThat(Shown.text(Shown.object(first.json(), "alert"), "alert_id")).isEqualTo(id);
      assertThat(first.signature()).isEqualTo("v1=" + signature(first));
      JsonObject after = awaitAlert(terminal);
      assertThat(after.get("acknowledged")).isEqualTo(JsonBoolean.of(true));
      assertThat(Shown.number(after, "occurrences")).isEqualTo(1);
      // The next process looks at it all again, and has nothing new to tell.
      killWorker(terminal.data());
      var unused = awaitAlert(terminal);
      assertThat(Shown.text(unused, "alert_id")).isEqualTo(id);
      assertThat(terminal.run("alerts", "silence", id, "--for", "1h").status()).isZero();
      // A kill between the answer and its being written down makes it come again, as the same.
      for (Got more = got.poll(3, TimeUnit.SECONDS); more != null; more = got.poll()) {
        assertThat(more.id()).as("one change, one id").isEqualTo(first.id());
      }
    } finally {
      receiver.stop(0);
    }
    assertThat(Files.readString(terminal.data().resolve("logs/worker.log")))
        .doesNotContain(SECRET)
        .contains("crash-loop");
  }

  /// What a client of the revision 2026-07-28 gets to read.
  private static String modernCall(Path data) throws Exception {
    DaemonFile daemon = DaemonFile.read(data).orElseThrow();
    Ask ask = Ask.modernCall("session_list", "{}");
    var request =
        HttpRequest.newBuilder(URI.create(daemon.url() + "/mcp"))
            .timeout(Duration.ofSeconds(PATIENCE_SECONDS))
            .POST(HttpRequest.BodyPublishers.ofByteArray(ask.body()));
    ask.headers().stream()
        .filter(line -> !line.getKey().equals("Host") && !line.getKey().equals("Authorization"))
        .forEach(line -> request.header(line.getKey(), line.getValue()));
    request.header("Authorization", "Bearer " + daemon.token());
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      return answer.body();
    }
  }

  /// Kills the worker with -9 and waits until another one serves.
  private static void killWorker(Path data) throws Exception {
    long pid = DaemonFile.read(data).orElseThrow().worker().pid();
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < deadline) {
      var file = DaemonFile.read(data);
      if (file.isPresent() && file.get().worker().pid() != pid && isReady(data)) {
        return;
      }
      pause();
    }
    throw new AssertionError("no worker after " + pid);
  }

  private static boolean isReady(Path data) throws IOException {
    return DaemonClient.find(data).filter(AlertsProcessTest::answers).isPresent();
  }

  private static boolean answers(DaemonClient client) {
    try {
      var _ = client.get("/api/v1/alerts"); // the crash before is written down by then
      return true;
    } catch (IOException | CommandFailure e) {
      return false;
    }
  }

  private static JsonObject awaitAlert(Terminal terminal) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < deadline) {
      var listed = terminal.run("alerts", "--json");
      if (listed.status() == 0) {
        List<JsonObject> loops =
            Shown.objects(listed.json(), "alerts").stream()
                .filter(alert -> Shown.text(alert, "type").equals("CRASH_LOOP"))
                .toList();
        if (!loops.isEmpty()) {
          return loops.getFirst();
        }
      }
      pause();
    }
    throw new AssertionError("no alert of a crash loop");
  }

  private static void pause() throws InterruptedException {
    new LinkedBlockingQueue<String>().poll(200, TimeUnit.MILLISECONDS);
  }

  private HttpServer receive() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/hook", this::take);
    server.start();
    return server;
  }

  private void take(HttpExchange exchange) throws IOException {
    if (down.get()) {
      // Its port is its own from the beginning, so that nobody else takes it meanwhile.
      exchange.close(); // without an answer
      return;
    }
    byte[] body = exchange.getRequestBody().readAllBytes();
    String text = new String(body, StandardCharsets.UTF_8);
    // The machine may have troubles of its own, a full disk among them.
    if (text.contains("CRASH_LOOP")) {
      got.add(
          new Got(
              header(exchange, "Planaria-Event-Id"),
              header(exchange, "Planaria-Timestamp"),
              header(exchange, "Planaria-Signature"),
              text));
    }
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  private static String header(HttpExchange exchange, String name) {
    @Nullable String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  private static String signature(Got got) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    mac.update((got.time() + ".").getBytes(StandardCharsets.US_ASCII));
    return HexFormat.of().formatHex(mac.doFinal(got.body().getBytes(StandardCharsets.UTF_8)));
  }
}
