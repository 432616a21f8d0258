package dev.planaria.app.clients;

import static dev.planaria.app.clients.check.Violation.Kind.CONNECTION_BROKEN;
import static dev.planaria.app.clients.check.Violation.Kind.DUPLICATED;
import static dev.planaria.app.clients.check.Violation.Kind.LINK_LOST;
import static dev.planaria.app.clients.check.Violation.Kind.PROMISE_BROKEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.clients.check.PromiseCheck;
import dev.planaria.app.clients.check.StoreCheck;
import dev.planaria.app.clients.check.Verdict;
import dev.planaria.app.clients.check.Violation;
import dev.planaria.app.clients.faults.Kill;
import dev.planaria.app.clients.faults.Killer;
import dev.planaria.app.clients.faults.Phase;
import dev.planaria.app.clients.faults.Point;
import dev.planaria.app.clients.ledger.CallLife;
import dev.planaria.app.clients.ledger.ClientEvent;
import dev.planaria.app.clients.ledger.Ledger;
import dev.planaria.app.clients.processes.ClientProcess;
import dev.planaria.app.clients.processes.DaemonProcess;
import dev.planaria.app.clients.processes.DaemonSetup;
import dev.planaria.app.clients.processes.NodeClients;
import dev.planaria.app.clients.processes.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
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
    Verdict run(DaemonSetup setup) throws Exception;
  }

  /// Runs what no other proof runs.
  private void aloneTurnsRed(String without, Violation.Kind kind, Scenario scenario)
      throws Exception {
    Verdict whole = scenario.run(DaemonSetup.whole(scratch.resolve("whole")));
    assertThat(whole.violations()).as(whole.toString()).isEmpty();
    turnsRed(without, kind, scenario);
  }

  private void turnsRed(String without, Violation.Kind kind, Scenario scenario) throws Exception {
    Verdict broken = scenario.run(new DaemonSetup(scratch.resolve("broken"), without));
    System.out.println("without " + without + ": " + broken.counts());
    assertThat(broken.count(kind)).as(kind + " without " + without).isPositive();
  }

  @Test
  @Timeout(120)
  void a_front_that_does_not_send_again_breaks_promises() throws Exception {
    turnsRed("resendUnanswered", PROMISE_BROKEN, this::workerDiesBeforePrimers);
  }

  @Test
  @Timeout(120)
  void a_front_that_does_not_resume_streams_shows_broken_ones() throws Exception {
    turnsRed("resumeStreams", CONNECTION_BROKEN, this::workerDiesAfterPrimers);
  }

  @Test
  @Timeout(120)
  void a_worker_that_forgets_links_tells_clients_that_theirs_is_unknown() throws Exception {
    turnsRed("keepLinks", LINK_LOST, this::workerDiesOnALink);
  }

  @Test
  @Timeout(120)
  void a_worker_that_ignores_the_stamp_does_work_twice() throws Exception {
    aloneTurnsRed("honourStamp", DUPLICATED, this::workerDiesWithAnonymousCallsDone);
  }

  @Test
  @Timeout(120)
  void a_primer_before_its_record_promises_what_nobody_knows_of() throws Exception {
    aloneTurnsRed("primerAfterRecord", PROMISE_BROKEN, this::everythingDiesOncePrimed);
  }

  @Test
  @Timeout(120)
  void a_resumed_stream_without_a_primer_cannot_be_resumed_again() throws Exception {
    turnsRed("primerOnResume", PROMISE_BROKEN, this::everythingDiesTwice);
  }

  @Test
  @Timeout(120)
  void an_engine_that_forgets_operation_ids_repeats_what_was_done() throws Exception {
    aloneTurnsRed("rememberOperationIds", DUPLICATED, this::frontDiesWithCallsDone);
  }

  private Verdict workerDiesBeforePrimers(DaemonSetup setup) throws Exception {
    return workerDies(setup, Phase.BEFORE_PRIMER);
  }

  private Verdict workerDiesAfterPrimers(DaemonSetup setup) throws Exception {
    return workerDies(setup, Phase.AFTER_PRIMER);
  }

  private Verdict workerDies(DaemonSetup setup, Phase phase) throws Exception {
    try (DaemonProcess daemon = DaemonProcess.start(setup);
        ClientProcess client =
            typescript1(daemon, Workload.of("n", 1).withTimeoutMillis(TIMEOUT_MILLIS))) {
      new Rounds(daemon, client.ledger(), new Random(1))
          .workerDies(Rounds.aimedAt(phase, Killer.Target.WORKER));
      client.stop();
      daemon.stop();
      return StoreCheck.run(setup.data(), client.ledger().calls())
          .and(PromiseCheck.nothingNoticed(client.ledger()));
    }
  }

  /// As [#workerDies], without waiting for a success, which an unknown link never has.
  private Verdict workerDiesOnALink(DaemonSetup setup) throws Exception {
    try (DaemonProcess daemon = DaemonProcess.start(setup);
        ClientProcess client = typescript1(daemon, Workload.of("n", 1).withTimeoutMillis(6_000))) {
      Ledger ledger = client.ledger();
      Kill kill = new Killer(daemon, new Random(1)).atRandom(Killer.Target.WORKER, ledger);
      daemon.awaitWorkerAfter(kill.workerPid());
      ledger.awaitMore(50, PATIENCE);
      client.stop();
      daemon.stop();
      return StoreCheck.run(setup.data(), ledger.calls()).and(PromiseCheck.oneLink(ledger));
    }
  }

  /// Modern calls are not recorded beside the journal, so only the stamp tells a call without an
  /// operation id from another one like it.
  private Verdict workerDiesWithAnonymousCallsDone(DaemonSetup setup) throws Exception {
    try (DaemonProcess daemon = DaemonProcess.start(setup);
        ClientProcess client = modern(daemon, Workload.of("n", 1).withMix("anonymous"))) {
      new Rounds(daemon, client.ledger(), new Random(1))
          .workerDies(Rounds.aimedAt(Phase.AFTER_RESULT, Killer.Target.WORKER));
      client.stop();
      daemon.stop();
      return StoreCheck.run(setup.data(), client.ledger().calls());
    }
  }

  /// Everything dies at the moment when a client has just been told that it may come back for a
  /// call's answer.
  private Verdict everythingDiesOncePrimed(DaemonSetup setup) throws Exception {
    try (DaemonProcess daemon = DaemonProcess.start(setup);
        ClientProcess client =
            typescript1(
                daemon, Workload.of("n", 1).repeating().withTimeoutMillis(TIMEOUT_MILLIS))) {
      Ledger ledger = client.ledger();
      ledger.awaitMore(50, PATIENCE);
      var killer = new Killer(daemon, new Random(1));
      String call = killer.hold(Point.PRIMED);
      ledger.await(
          "the primer of " + call,
          0,
          event -> event instanceof ClientEvent.Primed primed && primed.call().equals(call),
          PATIENCE);
      long killedAt = killer.kill(Killer.Target.BOTH, null, daemon.workerPid()).atMicros();
      daemon.awaitFrontEnd();
      daemon.startAgain();
      ledger.awaitSettled(killedAt, true, PATIENCE);
      client.stop();
      daemon.stop();
      List<CallLife> calls = ledger.calls();
      return StoreCheck.run(setup.data(), calls)
          .and(PromiseCheck.kept(ledger, life -> life.name().equals(call)));
    }
  }

  private Verdict everythingDiesTwice(DaemonSetup setup) throws Exception {
    try (DaemonProcess daemon = DaemonProcess.start(setup);
        ClientProcess client = Resumption.client(NodeClients.ready(), daemon, 1)) {
      Resumption.killTwice(daemon, client.ledger());
      client.stop();
      daemon.stop();
      return PromiseCheck.kept(client.ledger(), _ -> true);
    }
  }

  /// A modern client's calls have no stream to resume; when the front dies it can only repeat them.
  private Verdict frontDiesWithCallsDone(DaemonSetup setup) throws Exception {
    try (DaemonProcess daemon = DaemonProcess.start(setup);
        ClientProcess client = modern(daemon, Workload.of("n", 1).repeating())) {
      new Rounds(daemon, client.ledger(), new Random(1))
          .frontDies(Rounds.aimedAt(Phase.AFTER_RESULT, Killer.Target.BOTH), Duration.ZERO);
      client.stop();
      daemon.stop();
      return StoreCheck.run(setup.data(), client.ledger().calls());
    }
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
