package dev.planaria.app.daemon;

import dev.planaria.app.alerts.Alert;
import dev.planaria.app.alerts.AlertBoard;
import dev.planaria.app.alerts.Readings;
import dev.planaria.app.alerts.StandingFile;
import dev.planaria.app.alerts.Thresholds;
import dev.planaria.app.alerts.watch.Collector;
import dev.planaria.app.alerts.watch.Figures;
import dev.planaria.app.api.AlertActions;
import dev.planaria.app.api.ApiPart;
import dev.planaria.app.gateway.connections.Connections;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.engine.session.EngineSettings;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.session.StoreUnavailable;
import dev.planaria.engine.state.SessionId;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Looks after this worker: reads the standing of alerts that the last one left, takes readings
/// every few seconds, and tells who is to be told. It begins when the worker serves, on a thread of
/// its own, so that no start waits for it. Thread-safe.
final class Monitoring implements AutoCloseable {
  /// Somebody who looks at an alert expects it to be seconds old.
  private static final long TURN_MILLIS = 5_000;

  /// The standing is read in milliseconds; who asks before that waits, but not for ever.
  private static final long WAIT_SECONDS = 10;

  /// A turn that is under way at the end reads from an engine that is about to close.
  private static final long END_MILLIS = 1_000;

  private final Path directory;
  private final WorkerEnvironment environment;
  private final SessionEngine engine;
  private final Log log;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final CompletableFuture<AlertBoard> board = new CompletableFuture<>();
  private @Nullable Thread turns;

  Monitoring(WorkerOptions options, WorkerEnvironment environment, SessionEngine engine, Log log) {
    this.directory = options.directory();
    this.environment = environment;
    this.engine = engine;
    this.log = log;
  }

  /// What operators ask and do.
  ApiPart alertActions() {
    return new AlertActions(this::board);
  }

  private AlertBoard board() {
    try {
      return board.get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailable("the worker ends", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new StoreUnavailable("the alerts are not read yet; ask again", e);
    }
  }

  /// Begins. Called once.
  ///
  /// @param connections to the servers behind Planaria
  void start(Connections connections) {
    turns = Thread.ofVirtual().name("monitoring").start(() -> run(connections));
  }

  private void run(Connections connections) {
    var standing =
        new AlertBoard(
            new StandingFile(directory.resolve("alerts.json"), log),
            Thresholds.DEFAULT,
            environment::nowMillis,
            log,
            List.of());
    board.complete(standing);
    var collector =
        new Collector(
            engine,
            EngineSettings.DEFAULT.limits().calls(),
            new Collector.Surroundings(
                environment::nowMillis,
                System::nanoTime,
                (session, server) -> inUse(connections, session, server),
                this::disk,
                () -> named(standing)),
            Collector.Share.DEFAULT,
            log);
    Figures figures = collector.recorded();
    try {
      do {
        turn(standing, collector, figures);
      } while (!ended.await(TURN_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// One turn. What fails is told, and tried again.
  private void turn(AlertBoard standing, Collector collector, Figures figures) {
    try {
      standing.take(collector.runOnce(figures));
    } catch (RuntimeException e) {
      if (ended.getCount() > 0) {
        log.warn("no readings were taken; that is tried again", e);
      }
    }
  }

  private static boolean inUse(Connections connections, SessionId session, String server) {
    return connections.present(session, server) != null;
  }

  private static Set<String> named(AlertBoard standing) {
    var ids = new ArrayList<String>();
    for (Alert alert : standing.list()) {
      String id = alert.subject().sessionId();
      if (alert.isFiring() && id != null) {
        ids.add(id);
      }
    }
    return ids.stream().collect(Collectors.toUnmodifiableSet());
  }

  private Readings.@Nullable Disk disk() {
    try {
      FileStore store = Files.getFileStore(directory);
      return new Readings.Disk(store.getUsableSpace(), store.getTotalSpace());
    } catch (IOException e) {
      return null; // a disk that cannot be asked is found by the store
    }
  }

  /// Begins no more turns.
  void end() {
    ended.countDown();
  }

  /// Ends; returns when no turn is under way. Closing twice is closing once.
  @Override
  public void close() {
    end();
    Thread running = turns;
    if (running == null) {
      return;
    }
    try {
      running.join(END_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
