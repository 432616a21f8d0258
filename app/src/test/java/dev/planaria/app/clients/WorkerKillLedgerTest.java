package dev.planaria.app.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.clients.check.ClientCheck;
import dev.planaria.app.clients.check.KillReport;
import dev.planaria.app.clients.check.PromiseCheck;
import dev.planaria.app.clients.check.ToolCheck;
import dev.planaria.app.clients.faults.Phase;
import dev.planaria.app.clients.faults.Trace;
import dev.planaria.app.clients.ledger.CallLife;
import dev.planaria.app.clients.processes.ClientProcess;
import dev.planaria.app.clients.processes.DaemonProcess;
import dev.planaria.app.clients.processes.DaemonSetup;
import dev.planaria.app.clients.processes.NodeClients;
import dev.planaria.app.clients.processes.Workload;
import dev.planaria.chaos.client.McpClient;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.ledger.LedgerCheck;
import dev.planaria.chaos.report.Violation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The main promise: the worker is killed with SIGKILL again and again under a real client's hands,
/// and the client notices nothing but time.
class WorkerKillLedgerTest {

  /// How many kills; any number by `-Dplanaria.kills=N`.
  private static final int KILLS = Integer.getInteger("planaria.kills", 30);

  private static final long PATIENCE_MILLIS = 60_000;

  private static final List<Phase> PHASES = List.of(Phase.values());

  @TempDir Path scratch;

  @Test
  @Timeout(36_000)
  void a_client_loses_nothing_and_waits_for_nothing_in_vain_when_workers_are_killed()
      throws Exception {
    long seed = Seeds.next("worker kills");
    NodeClients node = NodeClients.ready();
    try (DaemonProcess daemon = DaemonProcess.start(DaemonSetup.whole(scratch));
        ClientProcess client =
            ClientProcess.start(
                node.client("ledger-ts1.mjs"), Workload.of("w" + seed, seed), daemon)) {
      var rounds = new Rounds(daemon, client.told(), new Random(seed));
      for (int i = 0; i < KILLS; i++) {
        rounds.workerDies(blow(i));
      }
      client.stop();
      List<CallLife> calls = client.told().calls();
      var violations = new ArrayList<Violation>();
      try (McpClient tools = McpClient.connect(daemon.url(), daemon.token(), PATIENCE_MILLIS)) {
        violations.addAll(ToolCheck.run(tools, calls, seed));
      }
      daemon.stop();
      var report = KillReport.of(rounds.kills(), Trace.read(daemon.setup().aim()), calls);
      violations.addAll(ClientCheck.run(daemon.setup().data(), calls));
      violations.addAll(PromiseCheck.nothingNoticed(client.told()));
      System.out.println(
          "worker kills: %d acknowledgements; %s; violations: %s"
              .formatted(
                  calls.stream().filter(CallLife::kept).count(),
                  report,
                  LedgerCheck.summary(violations)));
      assertThat(violations).isEmpty();
      assertThat(report.gapsMillis()).hasSize(KILLS);
      assertThat(report.killsThatHit())
          .allSatisfy(
              (phase, hits) -> assertThat(hits).as("kills that hit a call " + phase).isPositive());
    }
  }

  /// Half of the kills come at random moments, the others take the phases in turn.
  private static Rounds.Blow blow(int number) {
    return number % 2 == 0
        ? Rounds.atRandom(Target.WORKER)
        : Rounds.aimedAt(PHASES.get(number / 2 % PHASES.size()), Target.WORKER);
  }
}
