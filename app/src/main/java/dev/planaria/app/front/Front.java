package dev.planaria.app.front;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The front: accepts clients on one port and keeps their connections, whatever becomes of the
/// worker behind it. Thread-safe.
final class Front {

  private static final long ACCEPT_PAUSE_MILLIS = 50;
  private static final long CALL_CHECK_MILLIS = 10;

  private final FrontSettings settings;
  private final FrontEnvironment environment;
  private final Forwarder forwarder;
  private final FrontEndpoints endpoints;
  private final Budget requestBudget;
  private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();
  private final Watchdog watchdog;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile @Nullable ServerSocket listener;
  private volatile boolean stopping;

  Front(
      FrontSettings settings,
      FrontGuarantees guarantees,
      FrontEnvironment environment,
      WorkerPool workers,
      FrontEndpoints endpoints) {
    this.settings = settings;
    this.environment = environment;
    this.endpoints = endpoints;
    var bytes = Math.min(settings.limits().bufferBytes(), Runtime.getRuntime().maxMemory() / 4);
    var waitMillis = settings.forwarding().bufferWaitMillis();
    this.requestBudget = new Budget(bytes, waitMillis);
    this.forwarder =
        new Forwarder(workers, settings, guarantees, environment, new Budget(bytes, waitMillis));
    this.watchdog = new Watchdog(connections, environment.nanoTime());
  }

  /// Accepts clients on that socket, which is bound, until [#stop].
  void start(ServerSocket bound) {
    listener = bound;
    Thread.ofVirtual().name("accept").start(() -> accept(bound));
    Thread.ofVirtual().name("watchdog").start(() -> watchdog.run(settings.timeouts().tickMillis()));
  }

  private void accept(ServerSocket bound) {
    while (!stopping) {
      try {
        admit(bound.accept());
      } catch (IOException e) {
        if (!stopping) {
          // Most likely there are no more file descriptors; some will be free soon.
          environment.log().note("a connection could not be accepted: " + e.getMessage());
          pause();
        }
      }
    }
  }

  private void pause() {
    try {
      stopped.await(ACCEPT_PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void admit(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setKeepAlive(true);
    if (connections.size() >= settings.limits().connections() && !makeRoom()) {
      turnAway(socket);
      return;
    }
    var connection = new ClientConnection(this, socket);
    connections.add(connection);
    Thread.ofVirtual().start(connection);
  }

  /// Closes the oldest connection that never brought a whole request; false when there is none.
  private boolean makeRoom() {
    var oldest =
        connections.stream()
            .filter(ClientConnection::isUnproven)
            .min(Comparator.comparingLong(ClientConnection::sinceNanos));
    oldest.ifPresent(connection -> {
      connections.remove(connection);
      connection.close();
    });
    return oldest.isPresent();
  }

  private void turnAway(Socket socket) throws IOException {
    try (socket) {
      var refusal =
          Refusal.closing(
              503,
              "there are "
                  + settings.limits().connections()
                  + " connections already (connections, and what the front's heap holds); close"
                  + " some, or raise the limit and the heap");
      new ClientStream(socket.getOutputStream(), environment.nanoTime())
          .answer(refusal.answer(), false, true, false);
    }
  }

  /// Takes no new client, and waits a bounded time for the calls under way; streams that end by
  /// themselves never are not waited for.
  void stopAccepting() throws InterruptedException {
    stopping = true;
    var bound = listener;
    if (bound != null) {
      try {
        bound.close();
      } catch (IOException e) {
        environment.log().note("the port could not be closed: " + e.getMessage());
      }
    }
    var patience = settings.stopMillis() / CALL_CHECK_MILLIS;
    for (var i = 0; i < patience && hasCallUnderWay(); i++) {
      stopped.await(CALL_CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private boolean hasCallUnderWay() {
    return connections.stream().anyMatch(ClientConnection::hasCallUnderWay);
  }

  /// Closes every connection.
  void close() {
    stopping = true;
    watchdog.stop();
    stopped.countDown();
    connections.forEach(ClientConnection::close);
  }

  /// A connection has ended.
  void closed(ClientConnection connection) {
    connections.remove(connection);
  }

  boolean isStopping() {
    return stopping;
  }

  FrontSettings settings() {
    return settings;
  }

  FrontEnvironment environment() {
    return environment;
  }

  FrontLog log() {
    return environment.log();
  }

  Forwarder forwarder() {
    return forwarder;
  }

  FrontEndpoints endpoints() {
    return endpoints;
  }

  Budget requestBudget() {
    return requestBudget;
  }
}
