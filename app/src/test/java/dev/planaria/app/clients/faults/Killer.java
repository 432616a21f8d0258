package dev.planaria.app.clients.faults;

import dev.planaria.app.clients.ledger.ClientEvent;
import dev.planaria.app.clients.ledger.Ledger;
import dev.planaria.app.clients.processes.DaemonProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Kills processes of the daemon with SIGKILL, at random moments or when a call is in a chosen
/// phase. Used by one thread.
public final class Killer {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// Well below the silence after which the monitor takes a stopped worker for a hang.
  private static final Duration STOPPED = Duration.ofSeconds(5);

  private final DaemonProcess daemon;
  private final Random random;

  /// A killer of that daemon's processes.
  ///
  /// @param random decides the moments
  public Killer(DaemonProcess daemon, Random random) {
    this.daemon = daemon;
    this.random = random;
  }

  /// What to kill.
  public enum Target {
    WORKER,
    FRONT,
    BOTH
  }

  /// Kills after a random number of things that the client told of.
  public Kill atRandom(Target target, Ledger ledger) throws IOException, InterruptedException {
    ledger.awaitMore(20 + random.nextInt(400), PATIENCE);
    return kill(target, null, daemon.workerPid());
  }

  /// Kills when a call is in that phase.
  public Kill aimedAt(Phase phase, Target target, Ledger ledger)
      throws IOException, InterruptedException {
    ledger.awaitMore(20 + random.nextInt(100), PATIENCE);
    return switch (phase) {
      case BEFORE_HEADERS -> whileNothingIsRead(target, ledger);
      case BEFORE_PRIMER ->
          whenHeld(random.nextBoolean() ? Point.HEADERS : Point.PRIMER_DUE, phase, target);
      case AFTER_PRIMER -> whenHeld(Point.PRIMED, phase, target);
      case AFTER_RESULT -> whenHeld(Point.ANSWER_DUE, phase, target);
    };
  }

  /// Kills the front after it was stopped for a moment, so that what the worker did for calls that
  /// had reached it never came to the client.
  public Kill withAnswersUnderWay(Target target, Ledger ledger)
      throws IOException, InterruptedException {
    ledger.awaitMore(20 + random.nextInt(100), PATIENCE);
    signal("STOP", daemon.frontPid());
    ledger.letPass(Duration.ofMillis(150));
    return kill(target, null, daemon.workerPid());
  }

  /// The worker is stopped, so that it reads nothing more, until a call was sent; then it is
  /// killed.
  private Kill whileNothingIsRead(Target target, Ledger ledger)
      throws IOException, InterruptedException {
    long worker = daemon.workerPid();
    int from = ledger.size();
    signal("STOP", worker);
    try {
      ledger.await("a call to a stopped worker", from, ClientEvent.Sent.class::isInstance, STOPPED);
    } catch (AssertionError everyCallWasSentBefore) {
      // Nothing more is sent before the worker answers; the next stop may come at a better moment.
      signal("CONT", worker);
      ledger.awaitMore(1, PATIENCE);
      return whileNothingIsRead(target, ledger);
    }
    return kill(target, Phase.BEFORE_HEADERS, worker);
  }

  private Kill whenHeld(Point point, Phase phase, Target target)
      throws IOException, InterruptedException {
    hold(point);
    return kill(target, phase, daemon.workerPid());
  }

  /// Makes the worker hold the next call that comes to that point, and waits until it does.
  ///
  /// @return the call's name
  public String hold(Point point) throws IOException, InterruptedException {
    Path aim = daemon.setup().aim();
    Files.deleteIfExists(aim.resolve(TracedExchanges.HELD));
    Files.createFile(aim.resolve(TracedExchanges.HOLD + "-" + point.word()));
    return Files.readString(daemon.awaitAimed(TracedExchanges.HELD));
  }

  /// Kills now.
  ///
  /// @param phase what it was aimed at, for the report
  /// @param worker the worker that is meant; when it is another by now, that is an error
  public Kill kill(Target target, @Nullable Phase phase, long worker) {
    long at = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    switch (target) {
      case WORKER -> kill(worker);
      case FRONT -> kill(daemon.frontPid());
      case BOTH -> {
        // The front first: it would start the next worker at once.
        kill(daemon.frontPid());
        kill(worker);
      }
    }
    return new Kill(phase, worker, at);
  }

  private static void kill(long pid) {
    boolean sent = ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly).orElse(false);
    if (!sent) {
      throw new AssertionError("process " + pid + " was gone before it was killed");
    }
  }

  private static void signal(String name, long pid) throws IOException, InterruptedException {
    int status =
        new ProcessBuilder("kill", "-" + name, Long.toString(pid)).inheritIO().start().waitFor();
    if (status != 0) {
      throw new AssertionError("kill -" + name + " " + pid + " ended with status " + status);
    }
  }
}
