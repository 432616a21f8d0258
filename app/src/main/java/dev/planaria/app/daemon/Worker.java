package dev.planaria.app.daemon;

import dev.planaria.app.alerts.watch.FoundDamage;
import dev.planaria.app.api.Api;
import dev.planaria.app.api.KpiViews;
import dev.planaria.app.api.Pages;
import dev.planaria.app.api.SessionActions;
import dev.planaria.app.api.TransferDirectory;
import dev.planaria.app.api.UpstreamActions;
import dev.planaria.app.api.VerificationPart;
import dev.planaria.app.dashboard.Dashboard;
import dev.planaria.app.gateway.Gateway;
import dev.planaria.app.gateway.access.SameSite;
import dev.planaria.app.gateway.access.Tokens;
import dev.planaria.app.gateway.calls.Calls;
import dev.planaria.app.gateway.calls.InflightLimits;
import dev.planaria.app.gateway.clients.ClientSettings;
import dev.planaria.app.gateway.clients.Clients;
import dev.planaria.app.gateway.clients.RecoveryNotices;
import dev.planaria.app.gateway.clients.WorkerGuarantees;
import dev.planaria.app.gateway.connections.Configured;
import dev.planaria.app.gateway.connections.Connections;
import dev.planaria.app.gateway.connections.ServerFactory;
import dev.planaria.app.gateway.connections.SessionNames;
import dev.planaria.app.gateway.copies.CopySettings;
import dev.planaria.app.gateway.copies.PrivateCopies;
import dev.planaria.app.gateway.upstreams.Eras;
import dev.planaria.app.gateway.upstreams.UpstreamsFile;
import dev.planaria.app.gateway.wire.Exchange;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.app.metrics.KpiBoard;
import dev.planaria.app.metrics.Scrape;
import dev.planaria.app.tools.Sessions;
import dev.planaria.app.tools.Tool;
import dev.planaria.app.tools.ToolCatalogue;
import dev.planaria.app.traces.Traces;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.recovery.CrashEvent;
import dev.planaria.engine.session.EngineGuarantees;
import dev.planaria.engine.session.EngineSettings;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.session.SessionSummary;
import dev.planaria.engine.storage.sqlite.SqliteStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// One worker process: the engine, the gateway in front of it, and what it says to the process
/// monitor. It may be killed at any moment; everything that must outlive it is in the data
/// directory.
final class Worker {
  /// How long running calls may take once the worker is to end.
  private static final long DRAIN_MILLIS = 10_000;

  /// The same when the front is gone, and nobody will carry their answers.
  private static final long ORPHANED_MILLIS = 1_000;

  /// A worker whose front is gone stands in the way of the next one; after so long it goes,
  /// whatever it is doing. What it leaves undone, the next recovers.
  private static final long HALT_MILLIS = 2_000;

  private static final String VERSION = Build.version();

  /// Named in the environment with the value `off`, it keeps the worker from looking after itself:
  /// no book of minutes, no readings, no alerts, nobody but clients told of events. There to be
  /// compared with (see `MonitoringBench`), and for machines on which every moment counts.
  private static final String MONITORING = "PLANARIA_MONITORING";

  private final WorkerOptions options;
  private final boolean monitored = !"off".equals(System.getenv(MONITORING));
  private final Extras extras;
  private final WorkerEnvironment environment = new WorkerEnvironment();
  private final RecoveryNotices notices = new RecoveryNotices();
  private final Figures figures;
  private final FoundDamage damage = new FoundDamage(environment::nowMillis);
  private final DashboardWiring dashboards = new DashboardWiring(environment);
  private final Gate gate = new Gate();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);
  private final CompletableFuture<Gateway> gateway = new CompletableFuture<>();

  /// What tests put in.
  ///
  /// @param guarantees what this worker promises
  /// @param engineGuarantees what its engine promises
  /// @param tools more tools
  /// @param watch sees each exchange before the worker does
  record Extras(
      WorkerGuarantees guarantees,
      EngineGuarantees engineGuarantees,
      Function<Sessions, List<Tool>> tools,
      UnaryOperator<Exchange> watch) {
    /// What the product has.
    static final Extras NONE =
        new Extras(
            WorkerGuarantees.ALL, EngineGuarantees.ALL, _ -> List.of(), UnaryOperator.identity());
  }

  Worker(WorkerOptions options, Extras extras) {
    this.options = options;
    this.extras = extras;
    this.figures = new Figures(options.directory(), options.crash(), environment);
  }

  /// Serves until the monitor says that it is enough.
  ///
  /// @return the exit status
  int run() throws Exception {
    var monitor = new MonitorPipe(System.in, System.out);
    // Two things take their time at the start, and neither needs the other. Who comes before both
    // are done waits.
    var listening = new CompletableFuture<WorkerHttp>();
    Thread.ofPlatform().name("http-start").start(() -> listen(listening));
    try (WorkerLog file = openLog();
        QueuedLog log = queued(file);
        Tracing tracing = Tracing.of(System.getenv(), VERSION, log);
        SessionEngine engine = openEngine(monitor, tracing, log);
        var monitoring =
            new Monitoring(options, environment, engine, notices.alerts(), damage, log);
        Serving serving = serve(monitor, engine, new Watching(tracing.traces(), monitoring), log)) {
      WorkerHttp http = listening.get();
      monitor.ready();
      var pulse = new Pulse(engine, options.socket(), monitor, this::state);
      Thread.ofPlatform().name("pulse").daemon().start(pulse);
      if (monitored) {
        monitoring.start(serving.connections(), new KpiFigures(serving.board()));
        figures.start(engine.figures(), serving.board(), pulse::isServing, log);
      } else {
        monitoring.leaveOut(MONITORING + "=off");
        log.warn("no figures are kept and no alerts are raised: " + MONITORING + "=off", null);
      }
      MonitorPipe.Order order = awaitOrder(monitor);
      ended.countDown();
      figures.ended(order, log);
      serving.connections().endListening();
      dashboards.endListening();
      boolean all =
          gate.closeAndAwait(order == MonitorPipe.Order.DRAIN ? DRAIN_MILLIS : ORPHANED_MILLIS);
      http.sever();
      monitoring.end();
      serving.calls().leaveRest();
      figures.ended(order, log);
      log.info(
          "ends, since the front "
              + (order == MonitorPipe.Order.DRAIN ? "said so" : "is gone")
              + (all ? "" : "; some calls are left to the next process"));
    }
    monitor.clean();
    finished.countDown();
    return 0;
  }

  private WorkerLog openLog() throws IOException {
    return WorkerLog.open(options.directory(), options.logFormat(), environment::nowMillis);
  }

  private static QueuedLog queued(WorkerLog file) {
    var log = new QueuedLog(QueuedLog.Bounds.DEFAULT, file.lines(), file::append);
    PlatformLog.to(log);
    return log;
  }

  private SessionEngine openEngine(MonitorPipe monitor, Tracing tracing, Log log) {
    var heard =
        new Listeners(
            monitored
                ? List.of(
                    notices,
                    figures.listener(),
                    damage,
                    new EventLog(log),
                    tracing.engineSpans(),
                    dashboards.listener())
                : List.of(notices));
    try {
      return SessionEngine.open(
          SqliteStore.open(options.directory()),
          EngineSettings.DEFAULT,
          environment.forEngine().heardBy(heard).lastAlive(() -> figures.lastServedMillis(log)),
          options.crash(),
          extras.engineGuarantees());
    } catch (RuntimeException e) {
      String sentence = e.getMessage();
      monitor.refused(sentence == null ? e.toString() : sentence);
      throw e;
    }
  }

  /// Waits for the monitor's order. A signal counts as one too: a terminal's interrupt reaches the
  /// worker as well as the front, and must not end it in the middle of something.
  private MonitorPipe.Order awaitOrder(MonitorPipe monitor) {
    var ordered = new CompletableFuture<MonitorPipe.Order>();
    Thread.ofPlatform().name("orders").daemon().start(() -> ordered.complete(monitor.awaitOrder()));
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("signalled")
                .unstarted(() -> {
                  ordered.complete(MonitorPipe.Order.DRAIN);
                  awaitFinish(DRAIN_MILLIS + HALT_MILLIS);
                }));
    MonitorPipe.Order order = ordered.join();
    if (order == MonitorPipe.Order.ORPHANED) {
      Thread.ofPlatform()
          .name("halt")
          .daemon()
          .start(() -> {
            if (!awaitFinish(HALT_MILLIS)) {
              Runtime.getRuntime().halt(1);
            }
          });
    }
    return order;
  }

  private boolean awaitFinish(long millis) {
    try {
      return finished.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void listen(CompletableFuture<WorkerHttp> listening) {
    try {
      var http = new WorkerHttp(options.socket(), this::answer);
      http.start();
      listening.complete(http);
    } catch (Exception e) {
      listening.completeExceptionally(e);
    }
  }

  /// What is closed before the engine.
  private record Serving(Calls calls, Connections connections, KpiBoard board)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      try (calls) {
        connections.close();
      }
    }
  }

  private long downSinceMillis() {
    CrashEvent crash = options.crash();
    return crash == null ? environment.nowMillis() : crash.lastHeartbeatMillis();
  }

  /// Who looks on while it serves.
  private record Watching(Traces traces, Monitoring monitoring) {}

  private Serving serve(MonitorPipe monitor, SessionEngine engine, Watching watching, Log log)
      throws IOException {
    var unfinished = new ArrayList<Calls.Unfinished>();
    var calls = Calls.open(options.directory(), InflightLimits.DEFAULT, log, unfinished);
    var tools =
        new ToolCatalogue(
            engine, EngineSettings.DEFAULT.limits(), environment::nowMillis, extras.tools());
    ServerFactory servers = servers(log);
    Configured configured = configured(monitor, servers, log);
    var connections =
        new Connections(
            engine,
            new SessionNames(
                reference -> tools.sessions().find(reference).map(SessionSummary::id),
                tools.sessions()::openNamed),
            Connections.Terms.DEFAULT,
            new Connections.Surroundings(
                environment.clock(),
                environment::newSecret,
                configured,
                downSinceMillis(),
                VERSION,
                watching.traces(),
                log));
    watch(configured, connections);
    var surroundings =
        new Clients.Surroundings(
            environment::nowMillis, environment::newId, environment::newSecret, VERSION, ended);
    var clients =
        Clients.start(
            new Clients.Foundation(
                engine, tools, calls, connections, notices, watching.traces(), log),
            ClientSettings.DEFAULT,
            extras.guarantees(),
            surroundings,
            unfinished);
    SessionActions actions = actions(engine, tools);
    KpiBoard board = figures.board(engine.figures(), log);
    var self = new Api.WorkerSelf(VERSION, environment.pid(), environment.startedAtMillis());
    var api =
        new Api(
            engine,
            tools.sessions(),
            self,
            actions,
            new UpstreamActions(engine, connections, servers, actions::find),
            List.of(
                new Pages(
                    engine, tools.sessions(), connections, actions::find, options.directory()),
                new KpiViews(board),
                new VerificationPart(engine, actions::find, damage::verified),
                watching.monitoring().alertActions(),
                watching.monitoring().health()));
    Dashboard dashboard =
        dashboards.build(options.directory(), engine, tools.sessions(), connections, api, log);
    gateway.complete(
        new Gateway(
            new Gateway.Doors(
                new SameSite(options.hosts()),
                new Tokens(options.directory(), environment::nowMillis, log),
                dashboard),
            clients,
            api,
            new Scrape(
                engine,
                board,
                new Scrape.Self(
                    environment.startedAtMillis(),
                    gate::inside,
                    () -> watching.monitoring().alerts())),
            JsonLimits.DEFAULT,
            log));
    DashboardWiring.watch(dashboard, ended, log);
    log.with("pid", environment.pid()).with("version", VERSION).info("serves");
    return new Serving(calls, connections, board);
  }

  private SessionActions actions(SessionEngine engine, ToolCatalogue tools) {
    return new SessionActions(
        engine,
        tools.sessions(),
        Tokens.OPERATOR,
        TransferDirectory.of(options.directory(), environment.forEngine()));
  }

  private Configured configured(MonitorPipe monitor, ServerFactory servers, Log log)
      throws IOException {
    Path file = options.config();
    try {
      return file == null ? Configured.NONE : new ConfiguredServers(file, servers, log);
    } catch (UpstreamsFile.Refused e) {
      monitor.refused(String.valueOf(e.getMessage()));
      throw new IOException(e.getMessage(), e);
    }
  }

  /// Looks after connections now and then, as long as the process lives.
  private void watch(Configured configured, Connections connections) {
    Thread.ofVirtual()
        .name("servers")
        .start(() -> {
          try {
            while (!ended.await(ConfiguredServers.LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
              connections.runOnce();
              if (configured instanceof ConfiguredServers file) {
                file.runOnce(connections::changed);
              }
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private ServerFactory servers(Log log) {
    var eras =
        new Eras(
            new EraFile(options.directory().resolve("eras.json"), log), environment::nowMillis);
    var copies =
        new PrivateCopies(options.directory().resolve("copies"), CopySettings.DEFAULT, log);
    Thread.ofVirtual().name("left-overs").start(copies.leftOvers());
    return new ServerFactory(
        System.getenv(), options.directory().resolve("logs"), eras, copies, log);
  }

  private void answer(Exchange arrived) throws IOException {
    Exchange exchange = extras.watch().apply(arrived);
    try {
      Gateway ready = gateway.get();
      gate.enter();
      try {
        ready.handle(exchange);
      } finally {
        gate.leave();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the worker ends", e);
    } catch (ExecutionException e) {
      throw new IOException("the worker could not start", e);
    }
  }

  private String state() {
    return "serving requests=" + gate.inside();
  }
}
