package dev.planaria.app.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.clients.check.ClientCheck;
import dev.planaria.app.clients.check.KillReport;
import dev.planaria.app.clients.check.PromiseCheck;
import dev.planaria.app.clients.faults.Trace;
import dev.planaria.app.clients.ledger.CallLife;
import dev.planaria.app.clients.processes.ClientProcess;
import dev.planaria.app.clients.processes.DaemonProcess;
import dev.planaria.app.clients.processes.DaemonSetup;
import dev.planaria.app.clients.processes.JavaClients;
import dev.planaria.app.clients.processes.NodeClients;
import dev.planaria.app.clients.processes.Workload;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.ledger.LedgerCheck;
import dev.planaria.chaos.report.Violation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Clients that do less when a stream breaks than [WorkerKillLedgerTest]'s: for them, too, a
/// worker's death is nothing but time, and a front's death costs no more than a repeat on the same
/// link.
class OtherClientsLedgerTest {

  private static final int RANDOM_KILLS = 3;

  /// These clients notice a broken stream late or never; what they can do is give up and repeat.
  private static final long TIMEOUT_MILLIS = 5_000;

  @TempDir Path scratch;

  /// Who they are.
  enum Client {
    TYPESCRIPT_2_LEGACY,
    TYPESCRIPT_2_MODERN,
    JAVA_SDK,
    LANGCHAIN4J;

    List<String> program() throws Exception {
      return switch (this) {
        case TYPESCRIPT_2_LEGACY -> NodeClients.ready().client("ledger-ts2.mjs");
        case TYPESCRIPT_2_MODERN -> NodeClients.ready().client("ledger-ts2.mjs", "--era", "modern");
        case JAVA_SDK -> JavaClients.javaSdk();
        case LANGCHAIN4J -> JavaClients.langchain4j();
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(300)
  void every_promise_is_kept_when_workers_are_killed(Client who) throws Exception {
    long seed = Seeds.next(who + ", worker kills");
    List<String> program = who.program();
    try (DaemonProcess daemon = DaemonProcess.start(DaemonSetup.whole(scratch));
        ClientProcess client =
            ClientProcess.start(program, Workload.of("w" + seed, seed), daemon)) {
      var rounds = new Rounds(daemon, client.told(), new Random(seed));
      for (int i = 0; i < RANDOM_KILLS; i++) {
        rounds.workerDies(Rounds.atRandom(Target.WORKER));
      }
      client.stop();
      daemon.stop();
      List<CallLife> calls = client.told().calls();
      var report = KillReport.of(rounds.kills(), Trace.read(daemon.setup().aim()), calls);
      var violations = new ArrayList<Violation>();
      violations.addAll(ClientCheck.run(daemon.setup().data(), calls));
      violations.addAll(PromiseCheck.nothingNoticed(client.told()));
      System.out.println(
          "%s, worker kills: %d acknowledgements; %s; violations: %s"
              .formatted(
                  who,
                  calls.stream().filter(CallLife::kept).count(),
                  report,
                  LedgerCheck.summary(violations)));
      assertThat(violations).isEmpty();
      assertThat(report.callsUnderWay()).as("calls that a dead worker had begun").isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(300)
  void the_same_link_works_on_when_the_front_was_killed(Client who) throws Exception {
    long seed = Seeds.next(who + ", front kills");
    List<String> program = who.program();
    try (DaemonProcess daemon = DaemonProcess.start(DaemonSetup.whole(scratch));
        ClientProcess client =
            ClientProcess.start(
                program,
                Workload.of("f" + seed, seed).repeating().withTimeoutMillis(TIMEOUT_MILLIS),
                daemon)) {
      var rounds = new Rounds(daemon, client.told(), new Random(seed));
      rounds.frontDies(Rounds.atRandom(Target.FRONT), Duration.ofMillis(500));
      rounds.frontDies(Rounds.atRandom(Target.DAEMON), Duration.ofMillis(500));
      client.stop();
      daemon.stop();
      List<CallLife> calls = client.told().calls();
      var violations = new ArrayList<Violation>();
      violations.addAll(ClientCheck.run(daemon.setup().data(), calls));
      violations.addAll(PromiseCheck.acknowledgedInTheEnd(client.told()));
      violations.addAll(PromiseCheck.oneLink(client.told()));
      long repeated = calls.stream().filter(CallLife::keptByRepeat).count();
      System.out.println(
          "%s, front kills: %d acknowledgements; %d calls repeated; violations: %s"
              .formatted(
                  who,
                  client.told().acknowledgements(),
                  repeated,
                  LedgerCheck.summary(violations)));
      assertThat(violations).isEmpty();
      assertThat(repeated).as("calls that the front's death cost their promise").isPositive();
    }
  }
}
