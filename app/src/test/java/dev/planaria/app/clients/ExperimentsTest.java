package dev.planaria.app.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.planaria.app.clients.processes.DaemonSetup;
import dev.planaria.chaos.client.ClientGuarantees;
import dev.planaria.chaos.experiment.Clocks;
import dev.planaria.chaos.experiment.Corruption;
import dev.planaria.chaos.experiment.Experiment;
import dev.planaria.chaos.experiment.Experiments;
import dev.planaria.chaos.experiment.PowerLoss;
import dev.planaria.chaos.experiment.RunListener;
import dev.planaria.chaos.experiment.RunSettings;
import dev.planaria.chaos.experiment.Scheduled;
import dev.planaria.chaos.experiment.ServerFaults;
import dev.planaria.chaos.experiment.ServerLinks;
import dev.planaria.chaos.fault.Fault;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.power.DiskGuarantees;
import dev.planaria.chaos.report.RunReport;
import dev.planaria.chaos.report.RunReport.Verdict;
import dev.planaria.chaos.report.Violation;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Each experiment of the chaos kit on a real daemon turns red on one that lacks a promise. That it
/// is green on one that keeps them all is [dev.planaria.app.cli.SmokeProfileTest]'s, but for what
/// that profile leaves out.
class ExperimentsTest {

  private static final Clocks CLOCKS = new Clocks(System::currentTimeMillis, System::nanoTime);

  @TempDir Path scratch;

  private RunReport run(String name, String without, int cycles)
      throws IOException, InterruptedException {
    return run(name, without, cycles, ClientGuarantees.ALL);
  }

  private RunReport run(String name, String without, int cycles, ClientGuarantees guarantees)
      throws IOException, InterruptedException {
    return run(Experiments.named(name).orElseThrow(), without, cycles, guarantees);
  }

  private RunReport run(
      Experiment experiment, String without, int cycles, ClientGuarantees guarantees)
      throws IOException, InterruptedException {
    String name = experiment.name();
    var setup = new DaemonSetup(scratch, without);
    Files.createDirectories(setup.aim());
    RunSettings settings = RunSettings.of(setup.launch(), Seeds.next(name), cycles);
    RunReport report = experiment.run(settings.with(guarantees), CLOCKS, RunListener.NONE);
    System.out.printf(
        "%s%s: %s, %s, recoveries %s ms, violations %s, took %d ms%n",
        name,
        without.isEmpty() ? "" : " without " + without,
        report.counts(),
        report.faults(),
        report.recoveryMillis(),
        report.violations().stream().map(Violation::kind).distinct().toList(),
        report.tookMillis());
    return report;
  }

  private static void isGreen(RunReport report) {
    assertThat(report.violations()).isEmpty();
    assertThat(report.faults()).allSatisfy(fault -> assertThat(fault.hits()).isPositive());
    assertThat(report.verdict()).isEqualTo(Verdict.PASSED);
  }

  private void carelessCallersTurnRed(String name, int cycles) throws Exception {
    RunReport report = run(name, "", cycles, new ClientGuarantees(false));
    assertThat(report.violations()).extracting(Violation::kind).contains(Violation.Kind.DUPLICATED);
    assertThat(report.verdict()).isEqualTo(Verdict.FAILED);
  }

  private void turnsRed(String name, String without, Violation.Kind kind) throws Exception {
    RunReport report = run(name, without, 1);
    assertThat(report.violations()).extracting(Violation::kind).contains(kind);
    assertThat(report.verdict()).isEqualTo(Verdict.FAILED);
  }

  @Test
  @Timeout(3_600)
  void a_killed_process_that_forgets_its_clients_is_noticed() throws Exception {
    turnsRed("process-kill", "keepLinks", Violation.Kind.LOST);
  }

  @Test
  @Timeout(3_600)
  void a_daemon_that_forgets_operation_ids_is_noticed() throws Exception {
    turnsRed("random-kills", "rememberOperationIds", Violation.Kind.DUPLICATED);
  }

  @Test
  @Timeout(3_600)
  void callers_that_ask_again_under_another_id_are_noticed() throws Exception {
    carelessCallersTurnRed("connection-drop", 1);
  }

  @Test
  @Timeout(3_600)
  void a_daemon_that_keeps_no_witness_is_noticed() throws Exception {
    var experiment = new Corruption(List.of(new FaultSpec(new Fault.Truncate(), Target.WAL, 0, 0)));
    RunReport report = run(experiment, "witness", 1, ClientGuarantees.ALL);
    assertThat(report.violations()).extracting(Violation::kind).contains(Violation.Kind.UNDETECTED);
  }

  @Test
  @Timeout(3_600)
  void a_loss_of_power_takes_nothing_that_was_acknowledged() throws Exception {
    isGreen(runTraced(DiskGuarantees.ALL, 6));
  }

  @Test
  @Timeout(3_600)
  void a_disk_that_only_pretends_to_sync_is_noticed() throws Exception {
    RunReport report = runTraced(new DiskGuarantees(false), 6);
    assertThat(report.violations()).extracting(Violation::kind).contains(Violation.Kind.LOST);
    assertThat(report.verdict()).isEqualTo(Verdict.FAILED);
  }

  private RunReport runTraced(DiskGuarantees disk, int cycles) throws Exception {
    try {
      return run(new PowerLoss(disk), "", cycles, ClientGuarantees.ALL);
    } catch (IOException refused) {
      String reason = String.valueOf(refused.getMessage());
      assumeFalse(reason.startsWith("power-loss needs strace"), "SKIPPED: " + reason);
      throw refused;
    }
  }

  @Test
  @Timeout(3_600)
  void a_damaged_archive_is_noticed_or_changes_nothing() throws Exception {
    var damages =
        List.of(
            new FaultSpec(new Fault.FlipByte(), Target.ARCHIVE, 0, 0),
            new FaultSpec(new Fault.OlderCopy(), Target.ARCHIVE, 0, 0));
    isGreen(run(new Corruption(damages), "", damages.size(), ClientGuarantees.ALL));
  }

  @Test
  @Timeout(3_600)
  void faults_as_they_were_written_down_are_done() throws Exception {
    Experiment experiment =
        Scheduled.of(
            "written-down",
            List.of(
                new FaultSpec(new Fault.Pause(), Target.WORKER, 0, 300),
                new FaultSpec(new Fault.Hang(), Target.FRONT, 400, 300)),
            30_000);
    isGreen(run(experiment, "", 1, ClientGuarantees.ALL));
  }

  @Test
  @Timeout(300)
  void a_server_that_misbehaves_confuses_nobody() throws Exception {
    isGreen(run("server-misbehaves", "", 1));
  }

  @Test
  @Timeout(300)
  void a_server_whose_state_nobody_builds_up_again_is_noticed() throws Exception {
    saysWrong(JsonObject.EMPTY, Violation.Kind.LOST);
  }

  @Test
  @Timeout(300)
  void calls_that_are_sent_again_though_they_may_have_run_are_noticed() throws Exception {
    saysWrong(
        JsonObject.builder().put("idempotent", JsonArray.ofStrings(List.of("effect"))).build(),
        Violation.Kind.DUPLICATED);
  }

  @Test
  @Timeout(300)
  void a_network_that_fails_before_a_server_runs_nothing_twice() throws Exception {
    isGreen(run("server-link", "", 6));
  }

  @Test
  @Timeout(300)
  void calls_that_are_sent_again_over_a_link_though_they_may_have_run_are_noticed()
      throws Exception {
    ServerLinks experiment =
        ServerLinks.of(
                "cut-links",
                List.of(
                    new FaultSpec(new Fault.Drop(), Target.UPSTREAM_LINK, 0, 300),
                    new FaultSpec(new Fault.Reset(), Target.UPSTREAM_LINK, 0, 300),
                    new FaultSpec(new Fault.HalfOpen(), Target.UPSTREAM_LINK, 0, 300)),
                30_000)
            .saying(
                JsonObject.builder()
                    .put("idempotent", JsonArray.ofStrings(List.of("effect")))
                    .build());
    RunReport report = run(experiment, "", 1, ClientGuarantees.ALL);
    assertThat(report.violations()).extracting(Violation::kind).contains(Violation.Kind.DUPLICATED);
    assertThat(report.verdict()).isEqualTo(Verdict.FAILED);
  }

  @Test
  @Timeout(300)
  void a_worker_that_is_killed_beside_a_failing_link_runs_nothing_twice() throws Exception {
    Experiment experiment =
        ServerLinks.of(
            "links-and-kills",
            List.of(
                new FaultSpec(new Fault.Delay(100), Target.UPSTREAM_LINK, 0, 500),
                new FaultSpec(new Fault.Kill(), Target.WORKER, 600, 0),
                new FaultSpec(new Fault.Drop(), Target.CLIENT_LINK, 700, 300)),
            30_000);
    isGreen(run(experiment, "", 1, ClientGuarantees.ALL));
  }

  private void saysWrong(JsonObject planaria, Violation.Kind kind) throws Exception {
    RunReport report = run(ServerFaults.kills().saying(planaria), "", 3, ClientGuarantees.ALL);
    assertThat(report.violations()).extracting(Violation::kind).contains(kind);
    assertThat(report.verdict()).isEqualTo(Verdict.FAILED);
  }
}
