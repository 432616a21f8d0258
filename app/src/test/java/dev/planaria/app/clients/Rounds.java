package dev.planaria.app.clients;

import dev.planaria.app.clients.faults.Kill;
import dev.planaria.app.clients.faults.Killer;
import dev.planaria.app.clients.faults.Phase;
import dev.planaria.app.clients.ledger.ClientEvent;
import dev.planaria.app.clients.ledger.Transcript;
import dev.planaria.app.clients.processes.DaemonProcess;
import dev.planaria.chaos.fault.Target;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// The rounds of a proof: something dies, comes back, and the client goes on.
final class Rounds {

  /// Longer than any client of ours waits for an answer.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final DaemonProcess daemon;
  private final Transcript told;
  private final Random random;
  private final Killer killer;
  private final List<Kill> kills = new ArrayList<>();
  private int position;

  Rounds(DaemonProcess daemon, Transcript told, Random random) {
    this.daemon = daemon;
    this.told = told;
    this.random = random;
    this.killer = new Killer(daemon, random);
  }

  /// How a kill is done.
  interface Blow {
    Kill strike(Killer killer, Transcript told) throws IOException, InterruptedException;
  }

  /// Kills at a random moment.
  static Blow atRandom(Target target) {
    return (killer, told) -> killer.atRandom(target, told);
  }

  /// Kills when a call is in that phase.
  static Blow aimedAt(Phase phase, Target target) {
    return (killer, told) -> killer.aimedAt(phase, target, told);
  }

  /// The worker dies; the front brings the next one, and the client gets an answer from it.
  void workerDies(Blow blow) throws IOException, InterruptedException {
    position = told.size();
    Kill kill = blow.strike(killer, told);
    kills.add(kill);
    daemon.awaitWorkerAfter(kill.workerPid());
    told.awaitSettled(kill.atMicros(), false, PATIENCE);
    awaitAcknowledgementAfter(kill.atMicros());
  }

  /// The front dies, perhaps with its worker; somebody starts the daemon again after a while, and
  /// every call that was open then comes to its end.
  ///
  /// @return how long the daemon was away
  Duration frontDies(Blow blow, Duration longestAbsence) throws IOException, InterruptedException {
    position = told.size();
    Kill kill = blow.strike(killer, told);
    kills.add(kill);
    told.letPass(Duration.ofMillis(random.nextLong(longestAbsence.toMillis() + 1)));
    daemon.startAgain();
    Duration absence = Duration.between(kill.at(), Instant.now());
    told.awaitSettled(kill.atMicros(), true, PATIENCE);
    awaitAcknowledgementAfter(kill.atMicros());
    return absence;
  }

  private void awaitAcknowledgementAfter(long micros) throws InterruptedException {
    told.await(
        "an acknowledgement after a kill",
        position,
        event -> event instanceof ClientEvent.Acknowledged && event.atMicros() > micros,
        PATIENCE);
  }

  /// The kills so far.
  List<Kill> kills() {
    return List.copyOf(kills);
  }
}
