package dev.planaria.app.clients;

import static dev.planaria.chaos.report.Violation.Kind.DISCONNECTED;
import static dev.planaria.chaos.report.Violation.Kind.DUPLICATED;
import static dev.planaria.chaos.report.Violation.Kind.STUCK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.clients.check.ClientCheck;
import dev.planaria.app.clients.check.PromiseCheck;
import dev.planaria.app.clients.faults.Kill;
import dev.planaria.app.clients.faults.Killer;
import dev.planaria.app.clients.faults.Phase;
import dev.planaria.app.clients.faults.Point;
import dev.planaria.app.clients.ledger.ClientEvent;
import dev.planaria.app.clients.ledger.Transcript;
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
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The proofs must be able to fail: each promise of the daemon is taken away once, and the same
/// clients under the same kills must then show what it was for. A scenario that no other proof runs
/// with all promises kept is run so here, so that the promise alone makes the difference.
class NegativeControlsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// Long enough for a client to come back twice, short enough to wait for it in vain.
  private static final long TIMEOUT_MILLIS = 12_000;

  @TempDir Path scratch;

  /// What is done to a daemon and its client.
  private interface Scenario {
    List<Violation> run(DaemonSetup setup) throws Exception;
  }

  /// Runs what no other proof runs.
  private void aloneTurnsRed(String without, Violation.Kind kind, Scenario scenario)
      throws Exception {
    assertThat(scenario.run(DaemonSetup.whole(scratch.resolve("whole")))).isEmpty();
    turnsRed(without, kind, scenario);
  }

  private void turnsRed(String without, Violation.Kind kind, Scenario scenario) throws Exception {
    List<Violation> broken = scenario.run(new DaemonSetup(scratch.resolve("broken"), without));
    System.out.println("without " + without + ": " + LedgerCheck.summary(broken));
    assertThat(broken).extracting(Violation::kind).as("without " + without).contains(kind);
  }

  @Test
  @Timeout(120)
  void a_front_that_does_not_send_again_breaks_promises() throws Exception {
    turnsRed("resendUnanswered", STUCK, this::workerDiesBeforePrimers);
  }

  @Test
  @Timeout(120)
  void a_front_that_does_not_resume_streams_shows_broken_ones() throws Exception {
    turnsRed("resumeStreams", DISCONNECTED, this::workerDiesAfterPrimers);
  }

  @Test
  @Timeout(120)
  void a_worker_that_forgets_links_tells_clients_that_theirs_is_unknown() throws Exception {
    turnsRed("keepLinks", DISCONNECTED, this::workerDiesOnALink);
  }

  @Test
  @Timeout(120)
  void a_worker_that_ignores_the_stamp_does_work_twice() throws Exception {
    aloneTurnsRed("honourStamp", DUPLICATED, this::workerDiesWithAnonymousCallsDone);
  }

  @Test
  @Timeout(120)
  void a_primer_before_its_record_promises_what_nobody_knows_of() throws Exception {
    aloneTurnsRed("primerAfterRecord", STUCK, this::everythingDiesOncePrimed);
  }

  @Test
  @Timeout(120)
  void a_resumed_stream_without_a_primer_cannot_be_resumed_again() throws Exception {
    turnsRed("primerOnResume", STUCK, this::everythingDiesTwice);
  }

  @Test
  @Timeout(120)
  void an_engine_that_forgets_operation_ids_repeats_what_was_done() throws Exception {
    aloneTurnsRed("rememberOperationIds", DUPLICATED, this::frontDiesWithCallsDone);
  }

  private List<Violation> workerDiesBeforePrimers(DaemonSetup setup) throws Exception {
    return workerDies(setup, Phase.BEFORE_PRIMER);
  }

  private List<Violation> workerDiesAfterPrimers(DaemonSetup setup) throws Exception {
    return workerDies(setup, Phase.AFTER_PRIMER);
  }

  private List<Violation> workerDies(DaemonSetup setup, Phase phase) throws Exception {
    try (DaemonProcess daemon = DaemonProcess.start(setup);
        ClientProcess client =
            typescript1(daemon, Workload.of("n", 1).withTimeoutMillis(TIMEOUT_MILLIS))) {
      new Rounds(daemon, client.told(), new Random(1))
          .workerDies(Rounds.aimedAt(phase, Target.WORKER));
      client.stop();
      daemon.stop();
      return together(
          ClientCheck.run(setup.data(), client.told().calls()),
          PromiseCheck.nothingNoticed(client.told()));
    }
  }

  /// As [#workerDies], without waiting for a success, which an unknown link never has.
  private List<Violation> workerDiesOnALink(DaemonSetup setup) throws Exception {
    try (DaemonProcess daemon = DaemonProcess.start(setup);
        ClientProcess client = typescript1(daemon, Workload.of("n", 1).withTimeoutMillis(6_000))) {
      Transcript told = client.told();
      Kill kill = new Killer(daemon, new Random(1)).atRandom(Target.WORKER, told);
      daemon.awaitWorkerAfter(kill.workerPid());
      told.awaitMore(50, PATIENCE);
      client.stop();
      daemon.stop();
      return together(ClientCheck.run(setup.data(), told.calls()), PromiseCheck.oneLink(told));
    }
  }

  /// Modern calls are not recorded beside the journal, so only the stamp tells a call without an
  /// operation id from another one like it.
  private List<Violation> workerDiesWithAnonymousCallsDone(DaemonSetup setup) throws Exception {
    try (DaemonProcess daemon = DaemonProcess.start(setup);
        ClientProcess client = modern(daemon, Workload.of("n", 1).withMix("anonymous"))) {
      new Rounds(daemon, client.told(), new Random(1))
          .workerDies(Rounds.aimedAt(Phase.AFTER_RESULT, Target.WORKER));
      client.stop();
      daemon.stop();
      return ClientCheck.run(setup.data(), client.told().calls());
    }
  }

  /// Everything dies at the moment when a client has just been told that it may come back for a
  /// call's answer.
  private List<Violation> everythingDiesOncePrimed(DaemonSetup setup) throws Exception {
    try (DaemonProcess daemon = DaemonProcess.start(setup);
        ClientProcess client =
            typescript1(
                daemon, Workload.of("n", 1).repeating().withTimeoutMillis(TIMEOUT_MILLIS))) {
      Transcript told = client.told();
      told.awaitMore(50, PATIENCE);
      var killer = new Killer(daemon, new Random(1));
      String call = killer.hold(Point.PRIMED);
      told.await(
          "the primer of " + call,
          0,
          event -> event instanceof ClientEvent.Primed primed && primed.call().equals(call),
          PATIENCE);
      long killedAt = killer.kill(Target.DAEMON).atMicros();
      daemon.startAgain();
      told.awaitSettled(killedAt, true, PATIENCE);
      client.stop();
      daemon.stop();
      return together(
          ClientCheck.run(setup.data(), told.calls()),
          PromiseCheck.kept(told, life -> life.name().equals(call)));
    }
  }

  private List<Violation> everythingDiesTwice(DaemonSetup setup) throws Exception {
    try (DaemonProcess daemon = DaemonProcess.start(setup);
        ClientProcess client = Resumption.client(NodeClients.ready(), daemon, 1)) {
      Resumption.killTwice(daemon, client.told());
      client.stop();
      daemon.stop();
      return PromiseCheck.kept(client.told(), _ -> true);
    }
  }

  /// A modern client's calls have no stream to resume; when the front dies it can only repeat them.
  private List<Violation> frontDiesWithCallsDone(DaemonSetup setup) throws Exception {
    try (DaemonProcess daemon = DaemonProcess.start(setup);
        ClientProcess client = modern(daemon, Workload.of("n", 1).repeating())) {
      new Rounds(daemon, client.told(), new Random(1))
          .frontDies(Rounds.aimedAt(Phase.AFTER_RESULT, Target.DAEMON), Duration.ZERO);
      client.stop();
      daemon.stop();
      return ClientCheck.run(setup.data(), client.told().calls());
    }
  }

  private static List<Violation> together(List<Violation> some, List<Violation> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }

  private static ClientProcess typescript1(DaemonProcess daemon, Workload workload)
      throws Exception {
    return ClientProcess.start(NodeClients.ready().client("ledger-ts1.mjs"), workload, daemon);
  }

  private static ClientProcess modern(DaemonProcess daemon, Workload workload) throws Exception {
    return ClientProcess.start(
        NodeClients.ready().client("ledger-ts2.mjs", "--era", "modern"), workload, daemon);
  }
}
