package dev.planaria.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.clients.processes.DaemonSetup;
import dev.planaria.chaos.client.DaemonApi;
import dev.planaria.chaos.client.McpClient;
import dev.planaria.chaos.process.ScratchDaemon;
import dev.planaria.chaos.report.ChaosReport;
import dev.planaria.chaos.report.Moment;
import dev.planaria.chaos.report.ReportJson;
import dev.planaria.chaos.report.Violation;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Experiments in a daemon that runs and holds the session of somebody else.
class ChaosAgainstTest {

  private static final long PATIENCE_MILLIS = 60_000;
  private static final String THEIRS = "theirs";

  @TempDir Path home;

  private ScratchDaemon daemon(String without) throws IOException, InterruptedException {
    var setup = new DaemonSetup(home, without);
    Files.createDirectories(setup.aim());
    ScratchDaemon daemon = ScratchDaemon.start(setup.launch());
    try (McpClient client = McpClient.connect(daemon.url(), daemon.token(), PATIENCE_MILLIS)) {
      client.call("session_open", JsonObject.builder().put("name", THEIRS).build());
      client.call(
          "memory_store",
          JsonObject.builder()
              .put("session_id", THEIRS)
              .put("key", "answer")
              .put("value", new JsonString("42"))
              .build());
    }
    return daemon;
  }

  private Terminal.Finished chaos(ScratchDaemon daemon, String... more) {
    String[] words =
        Stream.concat(
                Stream.of("chaos", "run"),
                Stream.concat(
                    Stream.of(more),
                    Stream.of(
                        "--against", daemon.url().toString(), "--data", daemon.data().toString())))
            .toArray(String[]::new);
    return new Terminal(home).inRealTime().run(words);
  }

  private static JsonValue sessions(ScratchDaemon daemon) throws IOException, InterruptedException {
    return new DaemonApi(daemon.url(), daemon.token()).get("sessions");
  }

  private static String their(ScratchDaemon daemon, String part)
      throws IOException, InterruptedException {
    return Json.write(new DaemonApi(daemon.url(), daemon.token()).get("sessions/" + THEIRS + part));
  }

  @Test
  @Timeout(300)
  void without_consent_it_says_what_it_would_do_and_does_nothing() throws Exception {
    try (ScratchDaemon daemon = daemon("")) {
      long worker = daemon.worker().orElseThrow().pid();
      JsonValue before = sessions(daemon);
      var plan = chaos(daemon, "random-kills", "--cycles", "3", "--seed", "5");
      assertThat(plan.status()).as(plan.err()).isEqualTo(ExitStatus.USAGE.code());
      assertThat(plan.out())
          .startsWith("Nothing was done. On " + daemon.url())
          .contains("worker, process " + worker + " now")
          .contains("front, process " + daemon.front().pid())
          .contains("named chaos-TIME-5", "damage no file", "kill of worker")
          .doesNotContain("of front,", "of daemon,", daemon.token())
          .contains("--seed 5 --cycles 3 --yes-break-it");
      var json = chaos(daemon, "random-kills", "--seed", "5", "--json");
      assertThat(json.status()).isEqualTo(ExitStatus.USAGE.code());
      assertThat(Shown.text(json.json(), "worker_pid")).isEqualTo(Long.toString(worker));
      assertThat(sessions(daemon)).isEqualTo(before);
      assertThat(daemon.worker().orElseThrow().pid()).isEqualTo(worker);
      refusals(daemon);
      assertThat(sessions(daemon)).isEqualTo(before);
      assertThat(daemon.worker().orElseThrow().pid()).isEqualTo(worker);
    }
  }

  private void refusals(ScratchDaemon daemon) throws IOException {
    for (String name : List.of("corruption", "server-kill", "server-link", "simulation")) {
      var refused = chaos(daemon, name, "--yes-break-it");
      assertThat(refused.status()).isEqualTo(ExitStatus.USAGE.code());
      assertThat(refused.err()).contains(name + " needs a daemon of its own");
    }
    Path file =
        Files.writeString(
            home.resolve("mine.json"),
            "{\"name\":\"mine\",\"faults\":[{\"fault\":\"kill\",\"target\":\"front\"}]}");
    assertThat(chaos(daemon, file.toString(), "--yes-break-it").err())
        .contains("kill of front is not done to a live daemon");
    assertThat(chaos(daemon, "--profile", "smoke", "--yes-break-it").err())
        .contains("--against needs an experiment or a file");
    var terminal = new Terminal(home).inRealTime();
    String data = daemon.data().toString();
    var other =
        terminal.run(
            "chaos", "run", "process-kill", "--against", "http://127.0.0.1:1", "--data", data);
    assertThat(other.status()).isEqualTo(ExitStatus.NOT_FOUND.code());
    assertThat(other.err()).contains("answers at " + daemon.url() + ", not at");
    var none =
        terminal.run(
            "chaos",
            "run",
            "process-kill",
            "--against",
            "http://127.0.0.1:1",
            "--data",
            home.resolve("none").toString());
    assertThat(none.status()).isEqualTo(ExitStatus.NOT_RUNNING.code());
    assertThat(terminal.run("chaos", "run", "process-kill", "--yes-break-it").err())
        .contains("--yes-break-it is for --against");
  }

  @Test
  @Timeout(600)
  void with_consent_kills_and_links_pass_and_nobody_elses_session_differs() throws Exception {
    try (ScratchDaemon daemon = daemon("")) {
      long worker = daemon.worker().orElseThrow().pid();
      long front = daemon.front().pid();
      String before = their(daemon, "/journal/1/100");
      Path out = home.resolve("out");
      var kills =
          chaos(daemon, "process-kill", "--seed", "3", "--yes-break-it", "--out", out.toString());
      assertThat(kills.status()).as(kills.out() + kills.err()).isZero();
      assertThat(kills.out()).startsWith("PASSED  process-kill at " + daemon.url().getAuthority());
      assertThat(kills.out())
          .contains("affected: whoever called", "not verified: that the store holds the same");
      assertThat(kills.out() + kills.err()).doesNotContain(daemon.token());
      ChaosReport report = ReportJson.parse(Files.readAllBytes(out.resolve("report.json")));
      assertThat(report.runs().getFirst().faults())
          .allSatisfy(fault -> assertThat(fault.hits()).isPositive());
      assertThat(report.runs().getFirst().timeline())
          .extracting(Moment::sentence)
          .anyMatch(told -> told.startsWith("not verified: "))
          .anyMatch(told -> told.contains("1 of 1 sessions of others"));
      assertThat(out).isDirectoryNotContaining("glob:**/ledger-*");
      assertThat(daemon.worker().orElseThrow().pid()).isNotEqualTo(worker);
      assertThat(daemon.front().pid()).isEqualTo(front);

      var links = chaos(daemon, "random-links", "--cycles", "6", "--seed", "4", "--yes-break-it");
      assertThat(links.status()).as(links.out() + links.err()).isZero();

      assertThat(their(daemon, "/journal/1/100")).isEqualTo(before);
      assertThat(their(daemon, "")).contains("\"answer\"");
      assertThat(Shown.objects(sessions(daemon)))
          .filteredOn(session -> Shown.text(session, "name").startsWith("chaos-"))
          .hasSize(2)
          .allSatisfy(session -> assertThat(Shown.text(session, "status")).isEqualTo("terminated"));
      try (Stream<Path> left = Files.list(daemon.data().resolve("transfer"))) {
        assertThat(left).isEmpty();
      }
    }
  }

  @Test
  @Timeout(300)
  void a_live_daemon_that_forgets_operation_ids_is_noticed() throws Exception {
    try (ScratchDaemon daemon = daemon("rememberOperationIds")) {
      Path out = home.resolve("out");
      var run =
          chaos(daemon, "random-kills", "--seed", "3", "--yes-break-it", "--out", out.toString());
      assertThat(run.status()).as(run.out()).isEqualTo(ExitStatus.DAMAGED.code());
      ChaosReport report = ReportJson.parse(Files.readAllBytes(out.resolve("report.json")));
      assertThat(report.runs().getFirst().violations())
          .extracting(Violation::kind)
          .contains(Violation.Kind.DUPLICATED);
      assertThat(Files.readAllLines(out.resolve("ledger-random-kills-3.jsonl")))
          .first()
          .isEqualTo(
              "{\"format\":\"planaria-chaos-ledger/1\",\"experiment\":\"random-kills\",\"seed\":3}");
    }
  }
}
