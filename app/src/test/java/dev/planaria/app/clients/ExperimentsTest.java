package dev.planaria.app.clients;

import static dev.planaria.app.clients.ExperimentRun.isGreen;
import static dev.planaria.app.clients.ExperimentRun.isRed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.chaos.client.ClientGuarantees;
import dev.planaria.chaos.experiment.Corruption;
import dev.planaria.chaos.experiment.Experiment;
import dev.planaria.chaos.experiment.Experiments;
import dev.planaria.chaos.experiment.PowerLoss;
import dev.planaria.chaos.experiment.Scheduled;
import dev.planaria.chaos.experiment.ServerFaults;
import dev.planaria.chaos.experiment.ServerLinks;
import dev.planaria.chaos.fault.Fault;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.power.DiskGuarantees;
import dev.planaria.chaos.report.Detections;
import dev.planaria.chaos.report.RunReport;
import dev.planaria.chaos.report.Violation.Kind;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Each experiment of the chaos kit on a real daemon turns red on one that lacks a promise. That it
/// is green on one that keeps them all is [dev.planaria.app.cli.SmokeProfileTest]'s, but for what
/// that profile leaves out.
class ExperimentsTest {

  @TempDir Path scratch;

  private RunReport run(Experiment experiment, int cycles)
      throws IOException, InterruptedException {
    return new ExperimentRun(scratch, "", cycles).of(experiment);
  }

  private static Experiment named(String name) {
    return Experiments.named(name).orElseThrow();
  }

  private void carelessCallersTurnRed(String name, int cycles) throws Exception {
    isRed(
        new ExperimentRun(scratch, "", cycles).of(named(name), new ClientGuarantees(false)),
        Kind.DUPLICATED);
  }

  private void turnsRed(String name, String without, Kind kind) throws Exception {
    isRed(new ExperimentRun(scratch, without, 1).of(name), kind);
  }

  @Test
  @Timeout(3_600)
  void a_killed_process_that_forgets_its_clients_is_noticed() throws Exception {
    turnsRed("process-kill", "keepLinks", Kind.LOST);
  }

  @Test
  @Timeout(3_600)
  void a_daemon_that_forgets_operation_ids_is_noticed() throws Exception {
    turnsRed("random-kills", "rememberOperationIds", Kind.DUPLICATED);
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
    RunReport report = new ExperimentRun(scratch, "witness", 1).of(experiment);
    isRed(report, Kind.UNDETECTED);
    assertThat(report.detections()).isEqualTo(new Detections(1, 0, 1, 0));
  }

  @Test
  @Timeout(3_600)
  void a_loss_of_power_takes_nothing_that_was_acknowledged() throws Exception {
    isGreen(run(new PowerLoss(DiskGuarantees.ALL), 6));
  }

  @Test
  @Timeout(3_600)
  void a_disk_that_only_pretends_to_sync_is_noticed() throws Exception {
    isRed(run(new PowerLoss(new DiskGuarantees(false)), 6), Kind.LOST);
  }

  @Test
  @Timeout(3_600)
  void a_damaged_archive_is_noticed_or_changes_nothing() throws Exception {
    var damages =
        List.of(
            new FaultSpec(new Fault.FlipByte(), Target.ARCHIVE, 0, 0),
            new FaultSpec(new Fault.OlderCopy(), Target.ARCHIVE, 0, 0));
    RunReport report = run(new Corruption(damages), damages.size());
    isGreen(report);
    assertThat(report.detections()).isEqualTo(new Detections(2, 2, 0, 0));
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
    isGreen(run(experiment, 1));
  }

  @Test
  @Timeout(300)
  void a_server_that_misbehaves_confuses_nobody() throws Exception {
    isGreen(run(named("server-misbehaves"), 1));
  }

  @Test
  @Timeout(300)
  void a_server_whose_state_nobody_builds_up_again_is_noticed() throws Exception {
    saysWrong(JsonObject.EMPTY, Kind.LOST);
  }

  @Test
  @Timeout(300)
  void calls_that_are_sent_again_though_they_may_have_run_are_noticed() throws Exception {
    saysWrong(
        JsonObject.builder().put("idempotent", JsonArray.ofStrings(List.of("effect"))).build(),
        Kind.DUPLICATED);
  }

  @Test
  @Timeout(300)
  void a_network_that_fails_before_a_server_runs_nothing_twice() throws Exception {
    isGreen(run(named("server-link"), 6));
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
    isRed(run(experiment, 1), Kind.DUPLICATED);
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
    isGreen(run(experiment, 1));
  }

  private void saysWrong(JsonObject planaria, Kind kind) throws Exception {
    isRed(run(ServerFaults.kills().saying(planaria), 3), kind);
  }
}
