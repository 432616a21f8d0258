package dev.planaria.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.chaos.fault.Fault;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.ledger.Ask;
import dev.planaria.chaos.ledger.Ledger;
import dev.planaria.chaos.ledger.LedgerFile;
import dev.planaria.chaos.ledger.Mark;
import dev.planaria.chaos.report.ChaosReport;
import dev.planaria.chaos.report.FaultHits;
import dev.planaria.chaos.report.Machine;
import dev.planaria.chaos.report.ReportFolder;
import dev.planaria.chaos.report.ReportJson;
import dev.planaria.chaos.report.RunReport;
import dev.planaria.chaos.report.Violation;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.state.SessionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `planaria chaos`, once with a real daemon.
class ChaosCommandTest {

  @TempDir Path home;

  private Terminal terminal;

  @BeforeEach
  void sit_down() {
    terminal = new Terminal(home);
  }

  @Test
  void help_names_what_can_be_said() {
    assertThat(terminal.run("chaos", "--help").out())
        .startsWith("Usage: planaria chaos")
        .containsPattern("\n  list ")
        .containsPattern("\n  run ")
        .containsPattern("\n  report ");
    for (String part : List.of("list", "run", "report")) {
      var help = terminal.run("chaos", part, "--help");
      assertThat(help.status()).isZero();
      assertThat(help.out()).startsWith("Usage: planaria chaos " + part).contains("--json");
    }
    var alone = terminal.run("chaos");
    assertThat(alone.status()).isEqualTo(ExitStatus.USAGE.code());
    assertThat(alone.err()).startsWith("planaria chaos: say list, run or report");
  }

  @Test
  void the_list_has_experiments_profiles_and_faults() {
    assertThat(terminal.run("chaos", "list").out())
        .contains("Experiments\n", "  process-kill (a recovery may take 30 s)\n")
        .contains("Profiles\n", "  smoke (at most ", "    1 x process-kill, cycles 1")
        .contains("Faults for a file\n", "  kill: worker, front, daemon\n")
        .contains("  disk_full: disk\n", "  clock_step: clock\n", "  memory_pressure: memory\n");
    JsonObject json = terminal.run("chaos", "list", "--json").json();
    assertThat(Shown.objects(json, "experiments")).isNotEmpty();
    assertThat(Shown.objects(json, "profiles"))
        .extracting(profile -> Shown.text(profile, "name"))
        .containsExactly("smoke", "ci", "nightly");
    assertThat(Shown.objects(json, "faults"))
        .extracting(fault -> Shown.text(fault, "fault"))
        .contains("kill", "pause", "hang");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "chaos fly",
        "chaos report",
        "chaos report x --format pdf",
        "chaos run --profile none",
        "chaos run --cycles 3",
        "chaos run process-kill --profile ci",
        "chaos run process-kill --cycles 0",
        "chaos run process-kill --callers 0",
        "chaos run --callers 5",
        "chaos run process-kill --cycles 10001",
        "chaos run process-kill --at-once 2",
        "chaos run --profile smoke --at-once 0",
        "chaos run --profile smoke --at-once 9",
        "chaos run process-kill --seed many"
      })
  void what_is_not_understood_ends_with_2_and_one_sentence(String line) {
    var run = terminal.run(line.split(" "));
    assertThat(run.status()).isEqualTo(ExitStatus.USAGE.code());
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("planaria").doesNotContain("Exception", "\tat ");
  }

  @Test
  void what_is_not_there_or_no_experiment_is_named() throws IOException {
    var missing = terminal.run("chaos", "run", "no-such-thing");
    assertThat(missing.status()).isEqualTo(ExitStatus.NOT_FOUND.code());
    assertThat(missing.err()).contains("there is no experiment and no file no-such-thing");
    Path file =
        Files.writeString(
            home.resolve("mine.json"),
            "{\"name\":\"mine\",\"faults\":[{\"fault\":\"melt\",\"target\":\"worker\"}]}");
    var wrong = terminal.run("chaos", "run", file.toString());
    assertThat(wrong.status()).isEqualTo(ExitStatus.FAILED.code());
    assertThat(wrong.err())
        .contains("mine.json is no experiment: `faults[0].fault` must be one of");
  }

  @Test
  void a_report_is_shown_in_every_form_and_ends_as_the_run_did() throws IOException {
    Path good = written("good.json", List.of());
    Path bad = written("bad.json", List.of(new Violation(Violation.Kind.LOST, "op-1 is gone")));
    assertThat(terminal.run("chaos", "report", good.toString()).status()).isZero();
    assertThat(terminal.run("chaos", "report", good.toString()).out()).startsWith("PASSED  mine");
    var text = terminal.run("chaos", "report", bad.toString());
    assertThat(text.status()).isEqualTo(ExitStatus.DAMAGED.code());
    assertThat(text.out()).startsWith("FAILED  mine").contains("lost: op-1 is gone");
    assertThat(terminal.run("chaos", "report", bad.toString(), "--format", "junit").out())
        .contains("<failure type=\"lost\"");
    assertThat(terminal.run("chaos", "report", bad.toString(), "--format", "html").out())
        .startsWith("<!doctype html>");
    assertThat(terminal.run("chaos", "report", bad.toString(), "--json").out())
        .isEqualTo(Files.readString(bad) + "\n");
    Path nothing =
        Files.writeString(
            home.resolve("nothing.json"), Json.write(ReportJson.toJson(report(List.of()))));
    assertThat(terminal.run("chaos", "report", nothing.toString()).status())
        .isEqualTo(ExitStatus.PROVED_NOTHING.code());
  }

  @Test
  void of_an_interrupted_run_it_is_said_what_is_known_and_never_that_it_passed() throws Exception {
    Path out = Files.createDirectory(home.resolve("out"));
    assertThat(terminal.run("chaos", "report", out.toString()).status())
        .isEqualTo(ExitStatus.NOT_FOUND.code());
    LedgerFile log = LedgerFile.begin(out.resolve("ledger-mine-11.jsonl"), "mine", 11);
    var ledger = new Ledger(System::nanoTime, log);
    SessionId session = SessionId.parse("01890000-0000-7000-8000-000000000001");
    for (String operation : List.of("a", "b")) {
      ledger.sent(
          new Ask(operation, 0, session, "memory_store", JsonObject.EMPTY, new Mark.ReceiptOnly()));
    }
    ledger.acknowledged("a", new Receipt(session, 2, Hash.ZERO));
    var known = terminal.run("chaos", "report", out.toString());
    assertThat(known.status()).isEqualTo(ExitStatus.PROVED_NOTHING.code());
    assertThat(known.out())
        .startsWith("UNFINISHED  mine, seed 11: it was interrupted")
        .contains("2 calls were sent, 1 acknowledged,", "1 without an answer")
        .doesNotContain("PASSED");
    Files.writeString(out.resolve("ledger-bad-12.jsonl"), "torn");
    Files.writeString(out.resolve("notes.jsonl"), "somebody else's");
    assertThat(terminal.run("chaos", "report", out.toString()).out())
        .startsWith("UNREADABLE  ")
        .contains("ledger-bad-12.jsonl", "UNFINISHED  mine, seed 11")
        .doesNotContain("notes.jsonl");
    Files.delete(out.resolve("ledger-bad-12.jsonl"));
    var json = terminal.run("chaos", "report", out + "/ledger-mine-11.jsonl", "--json");
    assertThat(json.status()).isEqualTo(ExitStatus.PROVED_NOTHING.code());
    assertThat(json.out())
        .isEqualTo(
            "{\"verdict\":\"unfinished\",\"runs\":[{\"experiment\":\"mine\",\"seed\":11,"
                + "\"interrupted\":true,\"torn\":false,\"sent\":2,\"acknowledged\":1,"
                + "\"refused\":0,\"unknown\":0,\"stuck\":0,\"open\":1}]}\n");
    log.close();
    var whole = terminal.run("chaos", "report", out.toString());
    assertThat(whole.status()).isEqualTo(ExitStatus.PROVED_NOTHING.code());
    assertThat(whole.out()).contains("its ledger is whole").doesNotContain("PASSED");
    assertThat(terminal.run("chaos", "report", out.toString(), "--format", "junit").status())
        .isEqualTo(ExitStatus.USAGE.code());
    Files.copy(written("report.json", List.of()), out.resolve("report.json"));
    assertThat(terminal.run("chaos", "report", out.toString()).out()).startsWith("PASSED  mine");
  }

  @Test
  void a_file_that_is_no_report_is_refused_by_member_and_rule() throws IOException {
    Path file = Files.writeString(home.resolve("report.json"), "{\"format\":\"other\"}");
    var refused = terminal.run("chaos", "report", file.toString());
    assertThat(refused.status()).isEqualTo(ExitStatus.FAILED.code());
    assertThat(refused.err()).contains("report.json is no report: `format` must be");
    assertThat(terminal.run("chaos", "report", "gone.json").status())
        .isEqualTo(ExitStatus.NOT_FOUND.code());
  }

  @Test
  void an_experiment_in_a_file_is_run_on_a_daemon_of_its_own() throws IOException {
    Path file =
        Files.writeString(
            home.resolve("mine.json"),
            """
            {"name": "mine", "seed": 11, "deadline_millis": 120000,
             "faults": [{"fault": "kill", "target": "worker", "start_millis": 200}]}
            """);
    Path out = home.resolve("out");
    var run = terminal.inRealTime().run("chaos", "run", file.toString(), "--out", out.toString());
    assertThat(run.err())
        .contains("planaria: mine begins, seed 11, cycles 1")
        .contains("planaria: mine has passed");
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .startsWith("PASSED  mine: 1 run in ")
        .isEqualTo(Files.readString(out.resolve("report.txt")));
    ChaosReport report = ReportJson.parse(Files.readAllBytes(out.resolve("report.json")));
    assertThat(report.runs())
        .singleElement()
        .satisfies(only -> {
          assertThat(only.seed()).isEqualTo(11);
          assertThat(only.faults()).extracting(FaultHits::hits).containsExactly(1L);
          assertThat(only.counts().acknowledged()).isPositive();
        });
    assertThat(out.resolve("report.html")).content().startsWith("<!doctype html>");
    assertThat(out.resolve("junit.xml")).content().contains("failures=\"0\" errors=\"0\"");
    assertThat(out).isDirectoryNotContaining("glob:**/ledger-*");
  }

  @Test
  void without_another_place_the_report_is_kept_where_the_dashboard_looks() throws IOException {
    Path file =
        Files.writeString(
            home.resolve("mine.json"),
            """
            {"name": "mine", "seed": 12, "deadline_millis": 120000,
             "faults": [{"fault": "kill", "target": "worker", "start_millis": 200}]}
            """);
    Path data = home.resolve("data");
    var run = terminal.inRealTime().run("chaos", "run", file.toString(), "--data", data.toString());
    assertThat(run.status()).isZero();
    List<Path> kept = new ReportFolder(data.resolve("chaos")).newest();
    assertThat(kept).hasSize(1);
    assertThat(run.err()).contains("kept " + kept.getFirst());
    assertThat(ReportFolder.read(kept.getFirst()).runs())
        .extracting(RunReport::seed)
        .containsExactly(12L);
  }

  private Path written(String name, List<Violation> violations) throws IOException {
    RunReport run =
        new RunReport(
            "mine",
            11,
            0,
            1_000,
            List.of(new FaultHits(new FaultSpec(new Fault.Kill(), Target.WORKER, 0, 0), 1)),
            new RunReport.Counts(1, 1, 0, 0),
            List.of(),
            null,
            violations,
            List.of());
    return Files.writeString(
        home.resolve(name),
        Json.write(
            ReportJson.toJson(
                report(
                    List.of(
                        new ChaosReport.Done(run, "planaria chaos run mine.json --seed 11"))))));
  }

  private static ChaosReport report(List<ChaosReport.Done> runs) {
    return new ChaosReport(
        new ChaosReport.Header(
            "mine", null, 0, 1_000, "test", new Machine("none", 1, 0, "25"), List.of()),
        runs,
        List.of());
  }
}
