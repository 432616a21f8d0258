package dev.planaria.app.daemon;

import dev.planaria.app.alerts.Alert;
import dev.planaria.app.alerts.AlertBoard;
import dev.planaria.app.alerts.AlertChange;
import dev.planaria.app.alerts.Patience;
import dev.planaria.app.alerts.Patience.Outcome;
import dev.planaria.app.alerts.Readings;
import dev.planaria.app.alerts.StandingFile;
import dev.planaria.app.alerts.Thresholds;
import dev.planaria.app.alerts.notifiers.HttpPoster;
import dev.planaria.app.alerts.notifiers.Notifiers;
import dev.planaria.app.alerts.notifiers.Poster;
import dev.planaria.app.alerts.watch.Collector;
import dev.planaria.app.alerts.watch.Figures;
import dev.planaria.app.alerts.watch.FoundDamage;
import dev.planaria.app.api.AlertActions;
import dev.planaria.app.api.ApiPart;
import dev.planaria.app.api.HealthPart;
import dev.planaria.app.gateway.connections.Connections;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.engine.recovery.CrashEvent;
import dev.planaria.engine.session.EngineSettings;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.session.SessionSummary;
import dev.planaria.engine.session.StoreUnavailable;
import dev.planaria.engine.state.SessionId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Looks after this worker: reads the standing of alerts that the last one left, takes readings
/// every few seconds, and tells who is to be told. It begins when the worker serves, on a thread of
/// its own, so that no start waits for it. Thread-safe.
final class Monitoring implements AutoCloseable {
  /// Somebody who looks at an alert expects it to be seconds old.
  private static final long READINGS_MILLIS = 5_000;

  /// Receivers that were away are asked again after a second, at first.
  private static final long TURN_MILLIS = 1_000;

  /// The standing is read in milliseconds; who asks before that waits, but not for ever.
  private static final long WAIT_SECONDS = 10;

  /// A turn that is under way at the end reads from an engine that is about to close.
  private static final long END_MILLIS = 1_000;

  private final WorkerOptions options;
  private final WorkerEnvironment environment;
  private final SessionEngine engine;
  private final Consumer<AlertChange> clients;
  private final Log log;
  private final Patience patience = new Patience();
  private final DaemonHealth health;
  private final FoundDamage damage;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final CompletableFuture<AlertBoard> board = new CompletableFuture<>();
  private @Nullable Thread turns;
  private volatile String without = "";
  // Used by that thread alone.
  private boolean changed;
  private boolean hanging;

  /// @param clients is told of alerts
  /// @param damage has heard what the engine tells since it was opened
  Monitoring(
      WorkerOptions options,
      WorkerEnvironment environment,
      SessionEngine engine,
      Consumer<AlertChange> clients,
      FoundDamage damage,
      Log log) {
    this.options = options;
    this.environment = environment;
    this.engine = engine;
    this.clients = clients;
    this.log = log;
    this.damage = damage;
    this.health = new DaemonHealth(engine, environment, patience);
  }

  /// What operators ask and do.
  ApiPart alertActions() {
    return new AlertActions(this::board);
  }

  /// All alerts that are known.
  List<Alert> alerts() {
    return board().list();
  }

  /// How well the worker is.
  ApiPart health() {
    return new HealthPart(health::toJson);
  }

  private AlertBoard board() {
    try {
      return board.get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailable("the worker ends", e);
    } catch (ExecutionException e) {
      throw new StoreUnavailable("there are no alerts: the daemon was started with " + without, e);
    } catch (TimeoutException e) {
      throw new StoreUnavailable("the alerts are not read yet; ask again", e);
    }
  }

  /// Begins. Called once.
  ///
  /// @param connections to the servers behind Planaria
  /// @param figures over windows
  void start(Connections connections, Figures figures) {
    turns = Thread.ofVirtual().name("monitoring").start(() -> run(connections, figures));
  }

  /// Never begins; who asks for alerts is told why.
  ///
  /// @param why the setting that says so
  void leaveOut(String why) {
    without = why;
    board.completeExceptionally(new IllegalStateException(why));
  }

  private void run(Connections connections, Figures figures) {
    var standing =
        new AlertBoard(
            new StandingFile(options.directory().resolve("alerts.json"), patience, log),
            Thresholds.DEFAULT,
            environment::nowMillis,
            log,
            List.of(this::note, clients));
    CrashEvent crash = options.crash();
    if (crash != null) {
      standing.crashed(crash.detectedAtMillis());
    }
    damage.leftBy(standing.list());
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
                () -> named(standing),
                patience),
            Collector.Share.DEFAULT,
            log);
    var notifiers =
        new Notifiers(
            options.config(),
            System.getenv(),
            standing,
            new LatePoster(),
            new Notifiers.Surroundings(environment::nowMillis, Thread::startVirtualThread),
            log);
    long readMillis = 0;
    try {
      do {
        // First who is to be told: what changes before that is known would wait for nobody.
        tell(notifiers);
        long now = environment.nowMillis();
        if (now - readMillis >= READINGS_MILLIS || now < readMillis) {
          readMillis = now;
          turn(standing, collector, figures);
          if (changed && !hanging) {
            changed = false;
            notifiers.hurry();
          }
        }
      } while (!ended.await(TURN_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(Notifiers notifiers) {
    Outcome<Boolean> told =
        patience.await(
            "the file of notifiers",
            () -> {
              notifiers.runOnce();
              return true;
            });
    switch (told) {
      case Outcome.Done<Boolean> _ -> {}
      case Outcome.Failed<Boolean>(Exception reason) ->
          log.warn(
              "those who are told of alerts could not be seen to; that is tried again", reason);
      case Outcome.Hanging<Boolean>(long limitMillis) -> {
        if (!hanging) {
          log.warn(
              "the file of notifiers has not been read within "
                  + limitMillis
                  + " ms; nobody is told"
                  + " of alerts before it is",
              null);
        }
      }
    }
    hanging = told instanceof Outcome.Hanging<Boolean>;
  }

  private void note(AlertChange change) {
    changed = true;
    Alert alert = change.alert();
    String line = "alert " + alert.id() + ": " + alert.seen().message();
    switch (change.kind()) {
      case FIRED -> log.warn(line + ". " + alert.type().whatToDo(), null);
      case CLEARED -> log.info(line + "; that is over");
    }
  }

  /// An HTTP client costs time and memory that a daemon without receivers need not spend.
  private static final class LatePoster implements Poster {
    private @Nullable Poster http;

    @Override
    public int post(URI url, Map<String, String> headers, byte[] body) throws IOException {
      Poster poster;
      synchronized (this) {
        poster = http == null ? new HttpPoster() : http;
        http = poster;
      }
      return poster.post(url, headers, body);
    }
  }

  /// One turn. What fails is told, and tried again.
  private void turn(AlertBoard standing, Collector collector, Figures figures) {
    try {
      Readings readings =
          damage.in(collector.runOnce(figures), engine.scrubbed().orElse(null), this::nameOf);
      standing.take(readings);
      health.take(readings);
    } catch (RuntimeException e) {
      if (ended.getCount() > 0) {
        log.warn("no readings were taken; that is tried again", e);
      }
    }
  }

  private String nameOf(String id) {
    return engine.find(id).map(SessionSummary::name).orElse(id);
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

  private Readings.Disk disk() throws IOException {
    FileStore store = Files.getFileStore(options.directory());
    return new Readings.Disk(store.getUsableSpace(), store.getTotalSpace());
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
