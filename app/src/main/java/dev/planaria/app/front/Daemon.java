package dev.planaria.app.front;

import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Front and worker together, from the first start of a worker to the end of the last. Thread-safe;
/// the steps are called in the order in which they stand here.
public final class Daemon {

  /// Where the daemon lives.
  ///
  /// @param dataDirectory what the workers work on
  /// @param sockets where they listen
  /// @param workerErrors the file for their standard error
  /// @param operatorToken the secret of the operator's requests
  /// @param frontPid our own process id
  public record Place(
      Path dataDirectory,
      WorkerSockets sockets,
      Path workerErrors,
      String operatorToken,
      long frontPid) {}

  private final FrontSettings settings;
  private final FrontGuarantees guarantees;
  private final FrontEnvironment environment;
  private final Place place;
  private final WorkerPool workers;
  private final Orphans orphans;
  private final Supervisor supervisor;
  private final CompletableFuture<Boolean> stopWanted = new CompletableFuture<>();
  private final long startedAtMillis;
  private volatile @Nullable Front front;

  /// @param onReady gets the process id of each worker that became ready
  public Daemon(
      WorkerCommand command,
      FrontSettings settings,
      FrontGuarantees guarantees,
      FrontEnvironment environment,
      Place place,
      LongConsumer onReady) {
    this.settings = settings.fittedTo(Runtime.getRuntime().maxMemory());
    this.guarantees = guarantees;
    this.environment = environment;
    this.place = place;
    this.startedAtMillis = environment.nowMillis().getAsLong();
    this.workers = new WorkerPool(settings.forwarding(), this::workerCondition);
    this.orphans = new Orphans(environment);
    var launcher =
        WorkerProcess.launcher(
            place.dataDirectory(), place.sockets(), place.workerErrors(), environment.log());
    this.supervisor =
        new Supervisor(
            command,
            settings.supervision(),
            environment,
            new Supervisor.Surroundings(launcher, workers, orphans::end, onReady));
  }

  private String workerCondition() {
    return supervisor.status().sentence();
  }

  /// Starts the first worker. Everything else can be made ready while it starts.
  public void startWorker() {
    supervisor.start();
    // A platform thread: it starts processes and writes files, which would hold up virtual ones.
    Thread.ofPlatform().daemon().name("monitor").start(supervisor::run);
  }

  /// Serves clients on that socket, which is bound. Requests wait until the worker is ready.
  ///
  /// @param hostNames the names by which clients may address us, without a port
  public void serve(ServerSocket bound, List<String> hostNames) {
    var hosts = new ArrayList<String>();
    for (var name : hostNames) {
      hosts.add(name);
      hosts.add(name + ":" + bound.getLocalPort());
    }
    var identity =
        new FrontEndpoints.Identity(
            place.operatorToken(), List.copyOf(hosts), place.frontPid(), startedAtMillis);
    var endpoints =
        new FrontEndpoints(identity, supervisor, this::requestStop, settings.supervision());
    var serving = new Front(settings, guarantees, environment, workers, endpoints);
    front = serving;
    serving.start(bound);
  }

  /// Waits until the first worker is ready; false when none will be, or nobody wants it any more.
  public boolean awaitReady() {
    var given = CompletableFuture.anyOf(supervisor.started(), stopWanted.thenApply(_ -> false));
    return given.join().equals(true);
  }

  /// Why no worker is ready, as the last one said; empty when none said anything.
  public Optional<String> refusal() {
    return Optional.ofNullable(supervisor.refusal());
  }

  /// Does what can wait until clients are served.
  public void settle() {
    orphans.adopt();
  }

  /// True when somebody asked for the end; false when the worker never came.
  public boolean wasAskedToStop() {
    return stopWanted.getNow(false);
  }

  /// Asks the daemon to stop, and returns at once.
  public void requestStop() {
    stopWanted.complete(true);
  }

  /// Waits for a wish to stop, then ends the calls under way, the worker and every connection.
  public void awaitStop() throws InterruptedException {
    stopWanted.join();
    var serving = front;
    if (serving != null) {
      serving.stopAccepting();
    }
    supervisor.post(new MonitorEvent.Stop());
    supervisor.stopped().join();
    if (serving != null) {
      serving.close();
    }
  }
}
