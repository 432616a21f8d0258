package dev.planaria.app.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.clients.check.ClientCheck;
import dev.planaria.app.clients.check.PromiseCheck;
import dev.planaria.app.clients.faults.Kill;
import dev.planaria.app.clients.faults.Phase;
import dev.planaria.app.clients.ledger.CallLife;
import dev.planaria.app.clients.ledger.ClientEvent;
import dev.planaria.app.clients.processes.ClientProcess;
import dev.planaria.app.clients.processes.DaemonProcess;
import dev.planaria.app.clients.processes.DaemonSetup;
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
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The front holds the clients' connections, so its death is seen. What must hold then: nothing
/// acknowledged is lost, links go on, calls whose stream had begun are resumed by clients that can,
/// and a repeat under the same operation id returns the first result.
class FrontKillLedgerTest {

  /// How long the daemon is away before somebody starts it again.
  private static final Duration ABSENCE = Duration.ofSeconds(1);

  /// A client that was told to come back after 3 s tries twice. It is promised a call's answer when
  /// the daemon is back before the second time; on a machine that starts it too slowly it is not.
  private static final Duration IN_TIME = Duration.ofMillis(5_500);

  @TempDir Path scratch;

  @Test
  @Timeout(600)
  void a_client_goes_on_when_the_front_or_everything_is_killed_and_started_again()
      throws Exception {
    long seed = Seeds.next("front kills");
    NodeClients node = NodeClients.ready();
    try (DaemonProcess daemon = DaemonProcess.start(DaemonSetup.whole(scratch));
        ClientProcess client =
            ClientProcess.start(
                node.client("ledger-ts1.mjs"), Workload.of("f" + seed, seed).repeating(), daemon)) {
      var rounds = new Rounds(daemon, client.told(), new Random(seed));
      var inTime = new ArrayList<Kill>();
      for (Rounds.Blow blow : blows()) {
        if (rounds.frontDies(blow, ABSENCE).compareTo(IN_TIME) < 0) {
          inTime.add(rounds.kills().getLast());
        }
      }
      client.stop();
      daemon.stop();
      List<CallLife> calls = client.told().calls();
      var resumed = primedAtAKill(calls, inTime);
      var repeated = calls.stream().filter(CallLife::keptByRepeat).toList();
      long doneBefore = ClientCheck.doneBefore(daemon.setup().data(), repeated);
      var violations = new ArrayList<Violation>();
      violations.addAll(ClientCheck.run(daemon.setup().data(), calls));
      violations.addAll(PromiseCheck.kept(client.told(), resumed::contains));
      violations.addAll(PromiseCheck.acknowledgedInTheEnd(client.told()));
      violations.addAll(PromiseCheck.oneLink(client.told()));
      System.out.println(
          "front kills: %d kills, %d times back in time, %d acknowledgements; %d calls resumed, %d repeated (of those %d had been done, and returned the first result); violations: %s"
              .formatted(
                  rounds.kills().size(),
                  inTime.size(),
                  client.told().acknowledgements(),
                  resumed.size(),
                  repeated.size(),
                  doneBefore,
                  LedgerCheck.summary(violations)));
      assertThat(violations).isEmpty();
      assertThat(resumed).as("calls whose stream was cut").isNotEmpty();
      assertThat(repeated).as("calls that were rejected and repeated").isNotEmpty();
      assertThat(doneBefore).as("repeats of calls that had been done").isPositive();
    }
  }

  private static List<Rounds.Blow> blows() {
    return List.of(
        Rounds.atRandom(Target.FRONT),
        Rounds.atRandom(Target.DAEMON),
        (killer, told) -> killer.withAnswersUnderWay(Target.FRONT, told),
        (killer, told) -> killer.withAnswersUnderWay(Target.DAEMON, told),
        Rounds.aimedAt(Phase.AFTER_PRIMER, Target.DAEMON),
        Rounds.aimedAt(Phase.AFTER_RESULT, Target.DAEMON),
        (killer, told) -> killer.withAnswersUnderWay(Target.FRONT, told));
  }

  private static List<CallLife> primedAtAKill(List<CallLife> calls, List<Kill> kills) {
    return calls.stream()
        .filter(call ->
            kills.stream()
                .anyMatch(
                    kill -> call.wasOpenAt(kill.atMicros()) && call.wasPrimedAt(kill.atMicros())))
        .toList();
  }

  @Test
  @Timeout(120)
  void a_call_is_resumed_even_when_everything_is_killed_again_while_it_is_being_resumed()
      throws Exception {
    long seed = Seeds.next("killed while resuming");
    NodeClients node = NodeClients.ready();
    try (DaemonProcess daemon = DaemonProcess.start(DaemonSetup.whole(scratch));
        ClientProcess client = Resumption.client(node, daemon, seed)) {
      Duration absence = Resumption.killTwice(daemon, client.told());
      Assumptions.assumeTrue(
          absence.compareTo(IN_TIME) < 0, "SKIPPED: the daemon took " + absence + " to be back");
      client.stop();
      daemon.stop();
      List<CallLife> calls = client.told().calls();
      var violations = new ArrayList<Violation>();
      violations.addAll(ClientCheck.run(daemon.setup().data(), calls));
      violations.addAll(PromiseCheck.kept(client.told(), _ -> true));
      violations.addAll(PromiseCheck.oneLink(client.told()));
      int resumptions = client.told().all(ClientEvent.Resuming.class).size();
      System.out.println(
          "killed while resuming: %d calls, %d resumptions; violations: %s"
              .formatted(calls.size(), resumptions, LedgerCheck.summary(violations)));
      assertThat(violations).isEmpty();
      assertThat(resumptions).isGreaterThanOrEqualTo(2 * Resumption.CALLS);
    }
  }
}
