package dev.planaria.app.clients;

import dev.planaria.app.clients.faults.Kill;
import dev.planaria.app.clients.faults.Killer;
import dev.planaria.app.clients.ledger.ClientEvent;
import dev.planaria.app.clients.ledger.Transcript;
import dev.planaria.app.clients.processes.ClientProcess;
import dev.planaria.app.clients.processes.DaemonProcess;
import dev.planaria.app.clients.processes.NodeClients;
import dev.planaria.app.clients.processes.Workload;
import dev.planaria.chaos.fault.Target;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/// A call so long that its stream breaks twice: once on its way, once while it is being resumed.
final class Resumption {

  static final int CALLS = 2;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Resumption() {}

  /// A client with that many long calls, which gives up on them after a while.
  static ClientProcess client(NodeClients node, DaemonProcess daemon, long seed)
      throws IOException, InterruptedException {
    return ClientProcess.start(
        node.client("ledger-ts1.mjs"),
        Workload.of("r" + seed, seed).withMix("long").withInFlight(CALLS).withTimeoutMillis(20_000),
        daemon);
  }

  /// Kills everything when the calls are under way, and again when each of them is being resumed.
  ///
  /// @return the longer of the daemon's two absences
  static Duration killTwice(DaemonProcess daemon, Transcript told)
      throws IOException, InterruptedException {
    awaitEachCall(told, new HashSet<>());
    Duration first = killAndStartAgain(daemon);
    var streams = new HashSet<String>();
    told.await(
        "each call being resumed",
        0,
        event -> {
          if (event instanceof ClientEvent.Resumed resumed) {
            streams.add(resumed.stream());
          }
          return callStreams(streams) == CALLS;
        },
        PATIENCE);
    // Long enough to read what a resumed stream begins with, and short enough that no call is done.
    told.letPass(Duration.ofMillis(300));
    Duration second = killAndStartAgain(daemon);
    told.awaitSettled(told.all(ClientEvent.Primed.class).getLast().atMicros(), false, PATIENCE);
    return first.compareTo(second) > 0 ? first : second;
  }

  private static Duration killAndStartAgain(DaemonProcess daemon)
      throws IOException, InterruptedException {
    Kill kill = new Killer(daemon, new Random(0)).kill(Target.DAEMON);
    daemon.startAgain();
    return Duration.between(kill.at(), Instant.now());
  }

  private static void awaitEachCall(Transcript told, Set<String> primed)
      throws InterruptedException {
    told.await(
        "each call's primer",
        0,
        event -> {
          if (event instanceof ClientEvent.Primed(long _, String call)) {
            primed.add(call);
          }
          return primed.size() == CALLS;
        },
        PATIENCE);
  }

  /// The standalone stream is resumed too; it is no call's.
  private static long callStreams(Set<String> streams) {
    return streams.stream().filter(stream -> !stream.startsWith("listen")).count();
  }
}
