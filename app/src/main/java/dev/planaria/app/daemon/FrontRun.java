package dev.planaria.app.daemon;

import dev.planaria.app.front.Daemon;
import dev.planaria.app.front.FrontEnvironment;
import dev.planaria.app.front.FrontGuarantees;
import dev.planaria.app.front.WorkerSockets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// One daemon from its start to its end. What counts is the time to the first answer, so the
/// worker's process is started as soon as it is known that it may be, and everything else is
/// prepared while it starts.
final class FrontRun {

  private final FrontOptions options;
  private final FrontGuarantees guarantees;
  private final CountDownLatch ended = new CountDownLatch(1);

  FrontRun(FrontOptions options, FrontGuarantees guarantees) {
    this.options = options;
    this.guarantees = guarantees;
  }

  /// @throws IOException in one sentence, when the daemon cannot be started
  int run() throws IOException, InterruptedException {
    // Two carriers serve more requests than two cores' workers can answer; more only cost memory.
    System.setProperty("jdk.virtualThreadScheduler.parallelism", "2");
    // The parser's library looks for a logger; that there is none is no news to anybody.
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    var address = address();
    var directory = DataDirectory.open(options.data());
    try (var claim = DirectoryClaim.take(directory)) {
      var token = OperatorToken.of(directory);
      var frontPid = ProcessHandle.current().pid();
      var sockets = WorkerSockets.in(directory.path(), frontPid);
      var log =
          new LogFile(
              directory, "front.log", options.settings().logBytes(), System::currentTimeMillis);
      var place =
          new Daemon.Place(
              directory.path(),
              sockets,
              directory.openLog("worker.stderr", options.settings().logBytes()),
              token.text(),
              frontPid);
      var environment =
          new FrontEnvironment(
              System::currentTimeMillis,
              System::nanoTime,
              new Stamps(System::currentTimeMillis),
              log);
      var daemonJson = new RunningDaemon(directory.path(), token, sockets, log);
      var daemon =
          new Daemon(
              options.worker(),
              options.settings(),
              guarantees,
              environment,
              place,
              daemonJson::workerReady);
      daemon.startWorker();
      try {
        return serve(daemon, address, claim, daemonJson);
      } finally {
        DaemonFile.remove(directory.path());
        sockets.close();
        ended.countDown();
      }
    }
  }

  private InetAddress address() throws IOException {
    var address = InetAddress.getByName(options.host());
    if (!address.isLoopbackAddress() && !options.allowRemote()) {
      throw new IOException(
          options.host()
              + " can be reached from other machines; say --allow-remote if that is meant");
    }
    return address;
  }

  private int serve(
      Daemon daemon, InetAddress address, DirectoryClaim claim, RunningDaemon daemonJson)
      throws IOException, InterruptedException {
    ServerSocket bound;
    try {
      bound = PortClaim.bind(address, options.port(), claim.foundFormerDaemon());
    } catch (IOException e) {
      daemon.requestStop();
      daemon.awaitStop();
      throw e;
    }
    var name = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
    var url = "http://" + name + ":" + bound.getLocalPort();
    daemonJson.serving(url, Instant.now().toString());
    daemon.serve(bound, List.of("localhost", "127.0.0.1", "[::1]", name));
    var onSignal = new Thread(() -> endBySignal(daemon), "signal");
    Runtime.getRuntime().addShutdownHook(onSignal);
    var ready = daemon.awaitReady();
    if (ready) {
      System.out.println(options.readyLine().apply(url));
      System.out.flush();
      daemon.settle();
    }
    var failed = !ready && !daemon.wasAskedToStop();
    if (failed) {
      daemon.requestStop();
    }
    daemon.awaitStop();
    if (failed) {
      Runtime.getRuntime().removeShutdownHook(onSignal);
      throw new IOException(
          "the worker did not become ready"
              + daemon.refusal().map(reason -> ": " + reason).orElse("")
              + "; see "
              + options.data().resolve("logs").resolve("worker.stderr")
              + " and front.log beside it");
    }
    return FrontMain.OK;
  }

  /// An asked-for end is a success, whatever the signal.
  private void endBySignal(Daemon daemon) {
    try {
      daemon.requestStop();
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(FrontMain.OK);
  }
}
