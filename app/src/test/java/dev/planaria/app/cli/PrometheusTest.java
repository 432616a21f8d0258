package dev.planaria.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.clients.processes.DebianPackage;
import dev.planaria.app.daemon.DaemonFile;
import dev.planaria.app.gateway.Ask;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A real Prometheus that collects from a real daemon, over the death of its worker.
@Timeout(240)
class PrometheusTest {
  private static final DebianPackage PROMETHEUS =
      new DebianPackage(
          "prometheus", List.of("prometheus"), "no real Prometheus collects from a daemon");
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final long LOOK_MILLIS = 250;
  private static final Pattern LISTENING =
      Pattern.compile("Listening on.*address=127\\.0\\.0\\.1:([1-9][0-9]*)");

  @TempDir private Path home;
  private final HttpClient http = HttpClient.newHttpClient();

  private String get(String address, String token) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(address)).timeout(PATIENCE);
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofString()).body();
    } catch (IOException e) {
      return "(" + e + ")"; // not up yet, or between two workers
    }
  }

  private void store(DaemonFile daemon, int n) throws Exception {
    Ask ask = Ask.modernCall("memory_store", "{\"key\":\"k" + n + "\",\"value\":\"v\"}");
    var request =
        HttpRequest.newBuilder(URI.create(daemon.url() + "/mcp"))
            .timeout(PATIENCE)
            .POST(HttpRequest.BodyPublishers.ofByteArray(ask.body()));
    ask.headers().stream()
        .filter(
            header -> !header.getKey().equals("Host") && !header.getKey().equals("Authorization"))
        .forEach(header -> request.header(header.getKey(), header.getValue()));
    request.header("Authorization", "Bearer " + daemon.token());
    assertThat(http.send(request.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(200);
  }

  /// What a question comes to, once it comes to anything else than nothing.
  private String answer(Process process, String prometheus, String question) throws Exception {
    String address =
        prometheus + "/api/v1/query?query=" + URLEncoder.encode(question, StandardCharsets.UTF_8);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String said = "";
    while (System.nanoTime() < deadline) {
      said = get(address, "");
      if (said.contains("\"value\":[")) {
        return said;
      }
      assertThat(process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS))
          .as("it ends: " + Files.readString(home.resolve("prometheus.log")))
          .isFalse();
    }
    throw new AssertionError(question + " comes to nothing: " + said);
  }

  /// Where it listens: it takes a port that is free, and says which.
  private String address(Process process) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      Matcher said = LISTENING.matcher(Files.readString(home.resolve("prometheus.log")));
      if (said.find()) {
        return "http://127.0.0.1:" + said.group(1);
      }
      assertThat(process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS))
          .as("it ends: " + Files.readString(home.resolve("prometheus.log")))
          .isFalse();
    }
    throw new AssertionError("it listens nowhere");
  }

  private Process start(Path program, DaemonFile daemon) throws IOException {
    Path token = Files.writeString(home.resolve("token"), daemon.token());
    Path config =
        Files.writeString(
            home.resolve("prometheus.yml"),
            """
            global: {scrape_interval: 1s}
            scrape_configs:
              - job_name: planaria
                authorization: {credentials_file: %s}
                static_configs: [{targets: ["%s"]}]
            """
                .formatted(token, URI.create(daemon.url()).getAuthority()));
    return new ProcessBuilder(
            program.toString(),
            "--config.file=" + config,
            "--storage.tsdb.path=" + home.resolve("tsdb"),
            "--web.listen-address=127.0.0.1:0")
        .redirectErrorStream(true)
        .redirectOutput(home.resolve("prometheus.log").toFile())
        .start();
  }

  @Test
  void a_real_prometheus_collects_over_the_death_of_a_worker() throws Exception {
    Path program = PROMETHEUS.ready(home);
    Path data = home.resolve("data");
    try (RealDaemon _ = RealDaemon.on(data, home)) {
      DaemonFile daemon = DaemonFile.read(data).orElseThrow();
      store(daemon, 1);
      Process prometheus = start(program, daemon);
      try {
        String address = address(prometheus);
        answer(prometheus, address, "up{job=\"planaria\"} == 1");
        answer(prometheus, address, "planaria_operations_total > 0");
        answer(
            prometheus,
            address,
            "histogram_quantile(0.99, planaria_commit_duration_seconds_bucket) > 0");
        answer(prometheus, address, "planaria_kpi_availability_ratio{window=\"1h\"} > 0");
        ProcessHandle.of(daemon.worker().pid()).ifPresent(ProcessHandle::destroyForcibly);
        store(daemon, 2);
        answer(prometheus, address, "planaria_kpi_recoveries{window=\"24h\"} >= 1");
        answer(prometheus, address, "planaria_kpi_recovery_success_ratio{window=\"24h\"} == 1");
        answer(
            prometheus,
            address,
            "planaria_recoveries_total{type=\"process_crash\",outcome=\"success\"} >= 1");
        answer(
            prometheus, address, "planaria_kpi_time_to_recovery_mean_seconds{window=\"1h\"} > 0");
        assertThat(get(daemon.url() + "/api/v1/kpis", daemon.token()))
            .contains("\"recovery_success_rate\":1.0", "\"operations_lost\":0");
      } finally {
        prometheus.destroyForcibly();
        prometheus.waitFor();
      }
    }
  }
}
