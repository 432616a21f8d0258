package dev.planaria.app.clients.faults;

import dev.planaria.app.clients.ledger.ClientEvent;
import dev.planaria.app.clients.ledger.Transcript;
import dev.planaria.app.clients.processes.DaemonProcess;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.process.Victims;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Has the kit kill processes of the daemon, at random moments or when a call is in a chosen phase.
/// Used by one thread.
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

  /// Kills after a random number of things that the client told of.
  public Kill atRandom(Target target, Transcript told) throws IOException, InterruptedException {
    told.awaitMore(20 + random.nextInt(400), PATIENCE);
    return kill(target);
  }

  /// Kills when a call is in that phase.
  public Kill aimedAt(Phase phase, Target target, Transcript told)
      throws IOException, InterruptedException {
    told.awaitMore(20 + random.nextInt(100), PATIENCE);
    return switch (phase) {
      case BEFORE_HEADERS -> whileNothingIsRead(target, told);
      case BEFORE_PRIMER ->
          whenHeld(random.nextBoolean() ? Point.HEADERS : Point.PRIMER_DUE, phase, target);
      case AFTER_PRIMER -> whenHeld(Point.PRIMED, phase, target);
      case AFTER_RESULT -> whenHeld(Point.ANSWER_DUE, phase, target);
    };
  }

  /// Kills the front after it was stopped for a moment, so that what the worker did for calls that
  /// had reached it never came to the client.
  public Kill withAnswersUnderWay(Target target, Transcript told)
      throws IOException, InterruptedException {
    told.awaitMore(20 + random.nextInt(100), PATIENCE);
    met(daemon.aim(Target.FRONT).stop(), 1);
    told.letPass(Duration.ofMillis(150));
    return kill(target);
  }

  /// The worker is stopped, so that it reads nothing more, until a call was sent; then it is
  /// killed.
  private Kill whileNothingIsRead(Target target, Transcript told)
      throws IOException, InterruptedException {
    int from = told.size();
    Victims worker = daemon.aim(Target.WORKER);
    met(worker.stop(), 1);
    try {
      told.await("a call to a stopped worker", from, ClientEvent.Sent.class::isInstance, STOPPED);
    } catch (AssertionError everyCallWasSentBefore) {
      // Nothing more is sent before the worker answers; the next stop may come at a better moment.
      worker.goOn();
      told.awaitMore(1, PATIENCE);
      return whileNothingIsRead(target, told);
    }
    return kill(target, Phase.BEFORE_HEADERS);
  }

  private Kill whenHeld(Point point, Phase phase, Target target)
      throws IOException, InterruptedException {
    hold(point);
    return kill(target, phase);
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
  public Kill kill(Target target) throws IOException, InterruptedException {
    return kill(target, null);
  }

  private Kill kill(Target target, @Nullable Phase phase) throws IOException, InterruptedException {
    long worker = daemon.workerPid();
    Victims victims = daemon.aim(target);
    long at = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    met(victims.kill(), target == Target.DAEMON ? 2 : 1);
    return new Kill(phase, worker, at);
  }

  private static void met(long hits, long wanted) {
    if (hits != wanted) {
      throw new AssertionError(hits + " processes were met instead of " + wanted);
    }
  }
}
