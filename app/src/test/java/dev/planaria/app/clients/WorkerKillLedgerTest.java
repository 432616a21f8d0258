package dev.planaria.app.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.clients.check.KillReport;
import dev.planaria.app.clients.check.PromiseCheck;
import dev.planaria.app.clients.check.StoreCheck;
import dev.planaria.app.clients.check.Verdict;
import dev.planaria.app.clients.faults.Kill;
import dev.planaria.app.clients.faults.Killer;
import dev.planaria.app.clients.faults.Phase;
import dev.planaria.app.clients.faults.Trace;
import dev.planaria.app.clients.ledger.CallLife;
import dev.planaria.app.clients.ledger.ClientEvent;
import dev.planaria.app.clients.processes.ClientProcess;
import dev.planaria.app.clients.processes.DaemonProcess;
import dev.planaria.app.clients.processes.DaemonSetup;
import dev.planaria.app.clients.processes.NodeClients;
import dev.planaria.app.clients.processes.Workload;
import java.nio.file.Path;
import java.time.Duration;
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

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path scratch;

  @Test
  @Timeout(3_600)
  void a_client_loses_nothing_and_waits_for_nothing_in_vain_when_workers_are_killed()
      throws Exception {
    long seed = Long.getLong("planaria.seed", System.nanoTime() & 0xffffff);
    System.out.println("worker kills: seed " + seed);
    NodeClients node = NodeClients.ready();
    var kills = new ArrayList<Kill>();
    try (DaemonProcess daemon = DaemonProcess.start(DaemonSetup.whole(scratch));
        ClientProcess client =
            ClientProcess.start(
                node.client("ledger-ts1.mjs"), Workload.of("w" + seed, seed), daemon)) {
      var random = new Random(seed);
      var killer = new Killer(daemon, random);
      for (int i = 0; i < KILLS; i++) {
        kills.add(kill(i, killer, client));
        daemon.awaitWorkerAfter(kills.getLast().workerPid());
        long killedAt = kills.getLast().atMicros();
        client
            .ledger()
            .await(
                "an acknowledgement after kill " + i,
                0,
                event -> event instanceof ClientEvent.Acknowledged && event.atMicros() > killedAt,
                PATIENCE);
      }
      client.stop();
      daemon.stop();
      List<CallLife> calls = client.ledger().calls();
      var report = KillReport.of(kills, Trace.read(daemon.setup().aim()), client.ledger());
      Verdict verdict =
          StoreCheck.run(daemon.setup().data(), calls)
              .and(PromiseCheck.nothingNoticed(client.ledger()));
      System.out.println(
          "worker kills: %d acknowledgements; %s; %s"
              .formatted(calls.stream().filter(CallLife::kept).count(), report, verdict));
      assertThat(verdict.violations()).as(verdict.toString()).isEmpty();
      assertThat(report.gapsMillis()).hasSize(KILLS);
      assertThat(report.killsThatHit())
          .allSatisfy(
              (phase, hits) -> assertThat(hits).as("kills that hit a call " + phase).isPositive());
    }
  }

  /// Half of the kills come at random moments, the others take the phases in turn.
  private static Kill kill(int number, Killer killer, ClientProcess client) throws Exception {
    if (number % 2 == 0) {
      return killer.atRandom(Killer.Target.WORKER, client.ledger());
    }
    Phase phase = Phase.values()[number / 2 % Phase.values().length];
    return killer.aimedAt(phase, Killer.Target.WORKER, client.ledger());
  }
}
