package dev.planaria.app.alerts.notifiers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.alerts.AlertBoard;
import dev.planaria.app.alerts.KeptLog;
import dev.planaria.app.alerts.Patience;
import dev.planaria.app.alerts.Readings;
import dev.planaria.app.alerts.ReadingsBuilder;
import dev.planaria.app.alerts.StandingFile;
import dev.planaria.app.alerts.Subject;
import dev.planaria.app.alerts.Thresholds;
import dev.planaria.app.clients.processes.DebianPackage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A real Alertmanager hears of an alert and of its end, and shows both as they are.
@Timeout(240)
class AlertmanagerTest {
  private static final DebianPackage ALERTMANAGER =
      new DebianPackage(
          "prometheus-alertmanager",
          List.of("prometheus-alertmanager", "alertmanager"),
          "no real Alertmanager is told of alerts");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long LOOK_MILLIS = 100;

  @TempDir private Path home;
  private final KeptLog log = new KeptLog();
  private final HttpClient http = HttpClient.newHttpClient();

  /// An Alertmanager has a clock of its own: what ends has to lie in its past.
  private long now = System.currentTimeMillis() - 120_000;

  private Process start(Path program, int port) throws IOException {
    Path config =
        Files.writeString(
            home.resolve("alertmanager.yml"),
            "{route: {receiver: none}, receivers: [{name: none}]}");
    return new ProcessBuilder(
            program.toString(),
            "--config.file=" + config,
            "--storage.path=" + home.resolve("data"),
            "--cluster.listen-address=",
            "--web.listen-address=127.0.0.1:" + port)
        .redirectErrorStream(true)
        .redirectOutput(home.resolve("alertmanager.log").toFile())
        .start();
  }

  private String alerts(int port) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v2/alerts"))
            .timeout(PATIENCE);
    try {
      return http.send(request.build(), BodyHandlers.ofString()).body().strip();
    } catch (IOException e) {
      return "(" + e + ")"; // not up yet
    }
  }

  private String await(Process process, int port, Predicate<String> wanted) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String said = alerts(port);
    while (!wanted.test(said)) {
      assertThat(System.nanoTime()).as("it says " + said).isLessThan(deadline);
      assertThat(process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS))
          .as("it ends: " + Files.readString(home.resolve("alertmanager.log")))
          .isFalse();
      said = alerts(port);
    }
    return said;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void an_alert_is_there_while_it_fires_and_gone_when_it_has_cleared() throws Exception {
    Path program = ALERTMANAGER.ready(home);
    int port = freePort();
    Path config =
        Files.writeString(
            home.resolve("servers.json"),
            "{\"mcpServers\":{},\"planaria\":{\"notifiers\":[{\"type\":\"alertmanager\",\"url\":"
                + "\"http://127.0.0.1:"
                + port
                + "\"}]}}");
    var board =
        new AlertBoard(
            new StandingFile(home.resolve("alerts.json"), new Patience(), log),
            Thresholds.DEFAULT,
            () -> now,
            log,
            List.of());
    var notifiers =
        new Notifiers(
            config,
            Map.of(),
            board,
            new HttpPoster(),
            new Notifiers.Surroundings(() -> now, Runnable::run),
            log);
    Process process = start(program, port);
    try {
      await(process, port, "[]"::equals);
      Readings away =
          ReadingsBuilder.quiet()
              .away(
                  List.of(
                      new Readings.Away(
                          Subject.server("1", "alpha", "db"), 0, "connection \"refused\"")))
              .build();
      notifiers.runOnce();
      board.take(away);
      notifiers.hurry();
      notifiers.runOnce();
      assertThat(log.warnings()).isEmpty();
      String id = board.list().getFirst().id();
      assertThat(await(process, port, said -> said.contains(id)))
          .contains("\"alertname\":\"CONNECTION_LOST\"", "\"severity\":\"warning\"")
          .contains("\"session_name\":\"alpha\"", "connection \\\"refused\\\"", "\"active\"");
      board.take(ReadingsBuilder.quiet().build());
      now += 30_000;
      board.take(ReadingsBuilder.quiet().build());
      notifiers.hurry();
      notifiers.runOnce();
      await(process, port, "[]"::equals);
      assertThat(log.warnings()).isEmpty();
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
  }
}
