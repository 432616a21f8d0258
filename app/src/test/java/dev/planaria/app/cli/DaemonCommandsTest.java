package dev.planaria.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.planaria.app.daemon.DaemonFile;
import dev.planaria.app.daemon.ProcessIdentity;
import dev.planaria.engine.json.JsonBoolean;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands that ask a running daemon, against a server that answers from a table.
class DaemonCommandsTest {

  private static final String ALPHA =
      "{\"session_id\":\"01890000-0000-7000-8000-000000000001\",\"name\":\"alpha\","
          + "\"status\":\"active\",\"created_at\":\"2026-01-01T00:00:00Z\",\"seq\":41}";

  @TempDir Path home;

  private final Map<String, String> answers = new HashMap<>();
  private final List<String> asked = new ArrayList<>();
  private Terminal terminal;
  private HttpServer server;
  private int status = 200;

  @BeforeEach
  void start_a_daemon() throws IOException {
    terminal = new Terminal(home);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    answers.put("/livez", "{\"live\":true}");
    answers.put("/readyz", "{\"ready\":true}");
    answers.put(
        "/api/v1/daemon",
        "{\"frontPid\":7,\"workerPid\":8,\"generation\":2,\"state\":\"ready\",\"reason\":\"the"
            + " worker is ready\"}");
    answers.put("/api/v1/status", "{\"sessions\":1,\"last_recovery\":null}");
    answers.put("/api/v1/sessions", "[" + ALPHA + "]");
    Files.createDirectories(terminal.data());
    var self = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
    new DaemonFile(self, self, url(), "the-token", "2026-01-01T00:00:00Z", "")
        .write(terminal.data());
  }

  @AfterEach
  void stop_it() {
    server.stop(0);
  }

  @Test
  void status_tells_of_front_worker_and_sessions() {
    var run = terminal.run("status");
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .contains("running   " + url(), "worker    process 8, number 2", "sessions  1");
    assertThat(terminal.run("status", "--json").json().get("ready"))
        .isEqualTo(JsonBoolean.of(true));
    assertThat(asked).allMatch(request -> request.endsWith(" Bearer the-token"));
  }

  @Test
  void status_shows_the_figures_of_the_last_day() {
    answers.put(
        "/api/v1/kpis",
        "{\"windows\":{\"24h\":{\"recoveries\":3,\"recovery_success_rate\":1.0,"
            + "\"mean_time_to_recovery_ms\":1234.5,\"recovery_time_p99_ms\":2000,"
            + "\"data_loss_percent\":0.0,\"operations_acknowledged\":500,\"operations_lost\":0,"
            + "\"availability\":0.99987,\"seconds_observed\":86000,\"checksum_failures\":0}}}");
    assertThat(terminal.run("status").out())
        .contains(
            "last 24 h 99.987 % of 86000 s served; 3 recoveries, 100 % well, 1.235 s on average,"
                + " 2 s at most for 99 %",
            "          0 of 500 operations lost (0 %), 0 checksum failures");
    answers.put("/api/v1/kpis", "{\"windows\":{\"24h\":{\"recoveries\":0,\"availability\":null}}}");
    assertThat(terminal.run("status").out()).contains("last 24 h no recovery");
  }

  @Test
  void status_does_not_wait_for_a_worker_that_is_not_ready() {
    answers.put("/api/v1/daemon", "{\"state\":\"starting\",\"reason\":\"the worker is starting\"}");
    var run = terminal.run("status");
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("starting: the worker is starting");
    assertThat(asked).noneMatch(request -> request.contains("/api/v1/status"));
  }

  @Test
  void sessions_are_asked_for_by_their_id() {
    answers.put(
        "/api/v1/sessions/01890000-0000-7000-8000-000000000001/checkpoints",
        "[{\"checkpoint_id\":\"c1\",\"seq\":40}]");
    assertThat(terminal.run("sessions").out()).contains("alpha", "active", "41");
    assertThat(terminal.run("checkpoints", "alpha").out()).contains("c1", "40");
  }

  @Test
  void the_journal_is_asked_for_from_its_end() {
    answers.put(
        "/api/v1/sessions/01890000-0000-7000-8000-000000000001/journal/32/10",
        "[{\"seq\":41,\"type\":\"agent_spawned\"}]");
    assertThat(terminal.run("journal", "alpha", "--limit", "10").out()).contains("agent_spawned");
  }

  @Test
  void damage_that_the_daemon_reports_has_its_own_status() {
    answers.put(
        "/api/v1/verify",
        "{\"sound\":false,\"frames\":1,\"findings\":[{\"severity\":\"high\",\"sentence\":\"bad\"}]}");
    assertThat(terminal.run("verify").status()).isEqualTo(ExitStatus.DAMAGED.code());
    for (var worst :
        Map.of(
                "low", ExitStatus.OUT_OF_BOUNDS,
                "medium", ExitStatus.CONTRADICTION,
                "high", ExitStatus.DAMAGED)
            .entrySet()) {
      answers.put("/api/v1/verify/deep", "{\"sound\":false,\"worst\":\"" + worst.getKey() + "\"}");
      assertThat(terminal.run("verify", "--deep").status()).isEqualTo(worst.getValue().code());
    }
  }

  @Test
  void dashboard_prints_a_link_that_the_daemon_made() {
    answers.put("/api/v1/dashboard/code", "{\"path\":\"/login#abc\",\"expires_at\":7}");
    assertThat(terminal.run("dashboard").out()).isEqualTo(url() + "/login#abc\n");
    assertThat(terminal.run("dashboard", "--json").out())
        .isEqualTo("{\"url\":\"" + url() + "/login#abc\",\"expires_at\":7}\n");
    assertThat(asked).contains("POST /api/v1/dashboard/code Bearer the-token");
    server.stop(0);
    assertThat(terminal.run("dashboard").status()).isEqualTo(ExitStatus.NOT_RUNNING.code());
  }

  @Test
  void stop_asks_the_front() {
    answers.put("/api/v1/daemon/stop", "{\"stopping\":true}");
    assertThat(terminal.run("stop").status()).isZero();
    assertThat(asked).contains("POST /api/v1/daemon/stop Bearer the-token");
  }

  @Test
  void replace_hands_over_this_build_and_starts_nothing() {
    answers.put("/api/v1/daemon/replace", "{\"state\":\"ready\"}");
    var run = terminal.run("up", "--replace");
    assertThat(run.status()).isZero();
    assertThat(run.out()).isEqualTo("planaria ready " + url() + "\n");
    assertThat(asked).anyMatch(request -> request.startsWith("POST /api/v1/daemon/replace"));
  }

  @Test
  void a_refusal_is_told_in_the_daemons_own_words() {
    status = 409;
    answers.put("/livez", "{\"error\":{\"code\":1,\"message\":\"the worker was not changed\"}}");
    var run = terminal.run("sessions");
    assertThat(run.status()).isEqualTo(ExitStatus.IN_USE.code());
    assertThat(run.err()).isEqualTo("planaria: the worker was not changed\n");
  }

  @Test
  void an_answer_that_is_no_json_is_an_error_and_not_a_crash() {
    answers.put("/api/v1/sessions", "<html>");
    var run = terminal.run("sessions");
    assertThat(run.status()).isEqualTo(ExitStatus.FAILED.code());
    assertThat(run.err()).contains("is no JSON").doesNotContain("\tat ");
  }

  @Test
  void when_nobody_listens_no_daemon_is_running() {
    server.stop(0);
    assertThat(terminal.run("status").status()).isEqualTo(ExitStatus.NOT_RUNNING.code());
    assertThat(terminal.run("sessions").status()).isEqualTo(ExitStatus.NOT_FOUND.code());
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    asked.add(
        exchange.getRequestMethod()
            + " "
            + path
            + " "
            + exchange.getRequestHeaders().getFirst("Authorization"));
    String found = answers.get(path);
    byte[] body =
        (found == null ? "{\"error\":{\"message\":\"there is no such thing\"}}" : found)
            .getBytes(UTF_8);
    exchange.sendResponseHeaders(found == null ? 404 : status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
