package dev.planaria.app.gateway;

import dev.planaria.app.alerts.KeptLog;
import dev.planaria.app.api.Api;
import dev.planaria.app.api.KpiViews;
import dev.planaria.app.api.Pages;
import dev.planaria.app.api.SessionActions;
import dev.planaria.app.api.TransferDirectory;
import dev.planaria.app.api.UpstreamActions;
import dev.planaria.app.api.VerificationPart;
import dev.planaria.app.dashboard.Dashboard;
import dev.planaria.app.dashboard.DashboardSettings;
import dev.planaria.app.dashboard.LiveFeed;
import dev.planaria.app.dashboard.Logins;
import dev.planaria.app.dashboard.Watch;
import dev.planaria.app.gateway.access.SameSite;
import dev.planaria.app.gateway.access.Tokens;
import dev.planaria.app.gateway.calls.Calls;
import dev.planaria.app.gateway.calls.InflightLimits;
import dev.planaria.app.gateway.clients.ClientSettings;
import dev.planaria.app.gateway.clients.Clients;
import dev.planaria.app.gateway.clients.LinkSettings;
import dev.planaria.app.gateway.clients.RecoveryNotices;
import dev.planaria.app.gateway.clients.WorkerGuarantees;
import dev.planaria.app.gateway.connections.Clock;
import dev.planaria.app.gateway.connections.Configured;
import dev.planaria.app.gateway.connections.Connections;
import dev.planaria.app.gateway.connections.KnownEras;
import dev.planaria.app.gateway.connections.ServerFactory;
import dev.planaria.app.gateway.connections.SessionNames;
import dev.planaria.app.gateway.copies.CopySettings;
import dev.planaria.app.gateway.copies.PrivateCopies;
import dev.planaria.app.gateway.upstreams.Eras;
import dev.planaria.app.gateway.wire.Address;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.app.metrics.ChaosTrials;
import dev.planaria.app.metrics.KpiBoard;
import dev.planaria.app.metrics.Scrape;
import dev.planaria.app.tools.Sessions;
import dev.planaria.app.tools.Tool;
import dev.planaria.app.tools.ToolCatalogue;
import dev.planaria.app.traces.Traces;
import dev.planaria.chaos.report.ReportFolder;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.metrics.RecoverySamples;
import dev.planaria.engine.session.EngineEnvironment;
import dev.planaria.engine.session.EngineSettings;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.session.SessionSummary;
import dev.planaria.engine.state.Call;
import dev.planaria.engine.state.CallId;
import dev.planaria.engine.state.CallStatus;
import dev.planaria.engine.state.Connection;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.OperationCodec;
import dev.planaria.engine.state.SessionId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;

/// Everything of a worker but its process and its socket: a real engine on a real directory, with a
/// clock that the test moves.
public final class TestWorker implements AutoCloseable {
  public static final String OPERATOR_TOKEN = "operator-token-of-the-test";

  /// Shared by all, since one directory may see several workers, and ids never repeat.
  private static final AtomicLong IDS = new AtomicLong();

  private static final Random RANDOM = new Random(42);
  private static final EngineSettings USUAL = EngineSettings.DEFAULT;

  private final Path directory;
  private final WorkerGuarantees guarantees;
  private final Function<Sessions, List<Tool>> extraTools;
  private final Connections.Terms terms;
  private final Traces traces;
  private final AtomicLong nowMillis = new AtomicLong(1_800_000_000_000L);
  private final KeptLog log = new KeptLog();
  private final EngineSettings settings;
  private final Map<String, Runnable> whenAskedFor = new ConcurrentHashMap<>();
  private Running running;

  private record Running(
      SessionEngine engine,
      Calls calls,
      Connections connections,
      Gateway gateway,
      Dashboard dashboard,
      CountDownLatch ended) {}

  private TestWorker(
      Path directory,
      WorkerGuarantees guarantees,
      Function<Sessions, List<Tool>> extraTools,
      Connections.Terms terms,
      Traces traces,
      EngineSettings settings) {
    this.directory = directory;
    this.settings = settings;
    this.traces = traces;
    this.terms = terms;
    this.guarantees = guarantees;
    this.extraTools = extraTools;
    this.running = start();
  }

  /// A worker as the product has it.
  public static TestWorker on(Path directory) {
    return on(directory, WorkerGuarantees.ALL, _ -> List.of());
  }

  /// A worker with more tools, or fewer promises.
  public static TestWorker on(
      Path directory, WorkerGuarantees guarantees, Function<Sessions, List<Tool>> extraTools) {
    return on(directory, guarantees, extraTools, Connections.Terms.DEFAULT, Traces.NONE, USUAL);
  }

  /// A worker with other patience for the servers behind it.
  static TestWorker on(Path directory, Connections.Terms terms) {
    return on(directory, WorkerGuarantees.ALL, _ -> List.of(), terms, Traces.NONE, USUAL);
  }

  /// A worker whose calls are traced.
  static TestWorker on(Path directory, Traces traces) {
    return on(
        directory, WorkerGuarantees.ALL, _ -> List.of(), Connections.Terms.DEFAULT, traces, USUAL);
  }

  /// A worker whose engine has other numbers.
  public static TestWorker on(Path directory, EngineSettings settings) {
    return on(
        directory,
        WorkerGuarantees.ALL,
        _ -> List.of(),
        Connections.Terms.DEFAULT,
        Traces.NONE,
        settings);
  }

  private static TestWorker on(
      Path directory,
      WorkerGuarantees guarantees,
      Function<Sessions, List<Tool>> extraTools,
      Connections.Terms terms,
      Traces traces,
      EngineSettings settings) {
    try {
      Files.writeString(directory.resolve("operator.token"), OPERATOR_TOKEN + "\n");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return new TestWorker(directory, guarantees, extraTools, terms, traces, settings);
  }

  private Running start() {
    var notices = new RecoveryNotices();
    var samples = new RecoverySamples();
    var feed = new LiveFeed("w" + IDS.incrementAndGet(), DashboardSettings.DEFAULT);
    var environment =
        new EngineEnvironment(
            nowMillis::get,
            System::nanoTime,
            this::newId,
            this::newSecret,
            notices.andThen(samples).andThen(feed));
    var engine = SessionEngine.open(directory, settings, environment, null);
    var unfinished = new ArrayList<Calls.Unfinished>();
    try {
      var calls = Calls.open(directory, InflightLimits.DEFAULT, log, unfinished);
      var tools =
          new ToolCatalogue(engine, EngineSettings.DEFAULT.limits(), nowMillis::get, extraTools);
      var ended = new CountDownLatch(1);
      Connections connections = connections(engine, tools.sessions(), log);
      var clients =
          Clients.start(
              new Clients.Foundation(engine, tools, calls, connections, notices, traces, log),
              new ClientSettings(3_000, 50, 2, 100, LinkSettings.DEFAULT),
              guarantees,
              new Clients.Surroundings(
                  nowMillis::get,
                  () -> newId().toString().replace("-", ""),
                  this::newSecret,
                  "test",
                  ended),
              unfinished);
      var actions =
          new SessionActions(
              engine,
              tools.sessions(),
              Tokens.OPERATOR,
              TransferDirectory.of(directory, environment));
      var servers =
          new ServerFactory(
              System.getenv(),
              directory,
              new Eras(new KnownEras(), nowMillis::get),
              new PrivateCopies(directory.resolve("copies"), CopySettings.DEFAULT, log),
              log);
      var board =
          new KpiBoard(
              engine.figures(),
              samples,
              new ChaosTrials(new ReportFolder(directory.resolve("chaos")), "test", log),
              nowMillis::get,
              log);
      var api =
          new Api(
              engine,
              tools.sessions(),
              new Api.WorkerSelf("test", 1, nowMillis.get()),
              actions,
              new UpstreamActions(engine, connections, servers, actions::find),
              List.of(
                  new Pages(engine, tools.sessions(), connections, actions::find, directory),
                  new KpiViews(board),
                  new VerificationPart(engine, actions::find, (_, _) -> {})));
      Dashboard dashboard = dashboard(engine, tools.sessions(), connections, api, feed, log);
      var gateway =
          new Gateway(
              new Gateway.Doors(
                  new SameSite(Set.of("planaria.example")),
                  new Tokens(directory, nowMillis::get, log),
                  dashboard),
              clients,
              api,
              new Scrape(engine, board, new Scrape.Self(nowMillis.get(), () -> 1, List::of)),
              JsonLimits.DEFAULT,
              log);
      return new Running(engine, calls, connections, gateway, dashboard, ended);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Connections connections(SessionEngine engine, Sessions sessions, Log log) {
    return new Connections(
        engine,
        new SessionNames(
            reference -> sessions.find(reference).map(SessionSummary::id), sessions::openNamed),
        terms,
        new Connections.Surroundings(
            new Clock(System::currentTimeMillis, () -> 0.5),
            this::newSecret,
            Configured.NONE,
            nowMillis.get(),
            "test",
            traces,
            log));
  }

  private Dashboard dashboard(
      SessionEngine engine,
      Sessions sessions,
      Connections connections,
      Api api,
      LiveFeed feed,
      Log log) {
    return new Dashboard(
        new Logins(directory, nowMillis::get, this::newSecret, DashboardSettings.DEFAULT, log),
        feed,
        new Watch.Sources(
            engine,
            sessions,
            connections,
            path -> {
              whenAskedFor.getOrDefault(path, () -> {}).run();
              return api.get(path);
            },
            nowMillis::get),
        DashboardSettings.DEFAULT,
        JsonObject.builder().put("version", "test").put("pid", 1).build());
  }

  /// A time-ordered id.
  private UUID newId() {
    return new UUID(
        nowMillis.get() << 16 | 0x7000L, 0x8000_0000_0000_0000L | IDS.incrementAndGet());
  }

  private String newSecret() {
    byte[] bytes = new byte[32];
    synchronized (RANDOM) {
      RANDOM.nextBytes(bytes);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// Sends a request and waits for the end of its answer.
  public Reply send(Ask ask) {
    var exchange = new MemoryExchange(ask);
    try {
      running.gateway().handle(exchange);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return exchange.reply();
  }

  /// Sends a request whose answer takes its time, on a thread of its own.
  public MemoryExchange begin(Ask ask) {
    return begin(new MemoryExchange(ask));
  }

  /// As the other, with an exchange that was prepared.
  public MemoryExchange begin(MemoryExchange exchange) {
    Gateway gateway = running.gateway();
    Thread.ofVirtual()
        .start(() -> {
          try {
            gateway.handle(exchange);
          } catch (IOException e) {
            log.warn("broken off", e);
          }
        });
    return exchange;
  }

  /// Opens a link of that version as the operator; its id.
  public String link(String version) {
    return link(version, OPERATOR_TOKEN);
  }

  /// Opens a link of that version with that token; its id.
  public String link(String version, String token) {
    Reply reply =
        send(
            Ask.post(
                    "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{"
                        + "\"protocolVersion\":\""
                        + version
                        + "\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}"
                        + "}}")
                .instead("Authorization", "Bearer " + token));
    String id = reply.headers().get("Mcp-Session-Id");
    if (id == null) {
      throw new IllegalStateException("no link: " + reply);
    }
    return id;
  }

  /// Calls a tool over a link.
  public Reply call(String link, int id, String tool, String arguments) {
    return send(callOf(link, id, tool, arguments));
  }

  /// A call of a tool over a link.
  static Ask callOf(String link, int id, String tool, String arguments) {
    return Ask.post(
            "{\"jsonrpc\":\"2.0\",\"id\":"
                + id
                + ",\"method\":\"tools/call\",\"params\":{\"name\":\""
                + tool
                + "\",\"arguments\":"
                + arguments
                + "}}")
        .over(link);
  }

  /// Ends this worker in order and starts the next on the same directory.
  public void restart() {
    close();
    running = start();
  }

  /// Has the dashboard look at what has changed.
  public void look() {
    running.dashboard().runOnce();
  }

  /// Has the dashboard say that it lives.
  public void beat() {
    running.dashboard().beat();
  }

  /// Has something done when the dashboard looks at a document.
  public void whenAskedFor(String document, Runnable action) {
    whenAskedFor.put(document, action);
  }

  /// Has the engine do what it does every second.
  public void tick() {
    running.engine().tick();
  }

  /// Has a session use a server that was brought to it; nothing is asked of the server.
  public void use(String session, String server) {
    var _ = running.connections().relay(new Address(session, server), Tokens.OPERATOR);
  }

  /// Moves the clock.
  public void pass(long millis) {
    nowMillis.addAndGet(millis);
  }

  /// Writes the file of client tokens.
  public void clientTokens(String lines) {
    try {
      Files.writeString(directory.resolve("client.tokens"), lines, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    pass(2_000);
  }

  /// What an operator would have found in the log.
  public List<String> warnings() {
    return List.copyOf(log.warnings());
  }

  /// True when an ordinary request is answered as ever; what every refusal must end with.
  public boolean isServing() {
    Reply reply = send(Ask.modernCall("session_list", "{}"));
    return reply.status() == 200 && reply.at("result/isError").equals("false");
  }

  /// How many operations all sessions have journalled together.
  public long journalled() {
    return running.engine().figures().counts().operations();
  }

  /// What was written down of a connection since the session began, in order.
  List<Connection> history(String session, String server) {
    return operations(session).stream()
        .filter(Operation.ConnectionPut.class::isInstance)
        .map(put -> ((Operation.ConnectionPut) put).connection())
        .filter(connection -> connection.id().equals(server))
        .toList();
  }

  /// The operation ids of the calls that have waited for a server, in the order in which they came.
  List<String> queued(String session, String server) {
    return operations(session).stream()
        .flatMap(operation ->
            switch (operation) {
              case Operation.CallAccepted accepted -> Stream.of(accepted.call());
              case Operation.CallMoved moved -> Stream.of(moved.call());
              default -> Stream.empty();
            })
        .filter(call -> call.connectionId().equals(server) && call.status() == CallStatus.QUEUED)
        .sorted(Comparator.comparingLong(Call::order))
        .map(call -> call.id().operationId())
        .distinct()
        .toList();
  }

  private List<Operation> operations(String session) {
    var found = new ArrayList<Operation>();
    var engine = running.engine();
    SessionId id = engine.find(session).orElseThrow().id();
    engine.journal(
        id,
        1,
        Integer.MAX_VALUE,
        entry -> found.add(OperationCodec.decode(entry.type(), entry.body())));
    return found;
  }

  /// What the record says of a call of the operator's.
  Optional<Call> recorded(String session, String operationId) {
    var engine = running.engine();
    SessionId id = engine.find(session).orElseThrow().id();
    return Optional.ofNullable(
        engine.view(id).state().call(new CallId(Tokens.OPERATOR, operationId)));
  }

  @Override
  public void close() {
    running.ended().countDown();
    running.dashboard().endListening();
    running.connections().close();
    try {
      running.calls().close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    running.engine().close();
  }
}
