package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.replay.IdBinding;
import dev.planaria.app.gateway.replay.Profile;
import dev.planaria.app.gateway.upstreams.ClientIntroduction;
import dev.planaria.app.gateway.upstreams.RawAnswer;
import dev.planaria.app.gateway.upstreams.RequestFailed;
import dev.planaria.app.gateway.upstreams.ServerIntroduction;
import dev.planaria.app.gateway.upstreams.Trouble;
import dev.planaria.app.gateway.upstreams.UpstreamBroken;
import dev.planaria.app.gateway.upstreams.UpstreamRequest;
import dev.planaria.app.gateway.upstreams.UpstreamSession;
import dev.planaria.app.gateway.upstreams.UpstreamTimeout;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.app.gateway.wire.RpcError;
import dev.planaria.app.traces.Traces;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.state.Call;
import dev.planaria.engine.state.CallClass;
import dev.planaria.engine.state.CallId;
import dev.planaria.engine.state.CallStatus;
import dev.planaria.engine.state.Connection;
import dev.planaria.engine.state.Era;
import dev.planaria.engine.state.SessionId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One session's connection to one server: takes clients' requests, and answers each in bounded
/// time, whatever becomes of the server. Thread-safe.
public final class Relay implements AutoCloseable {
  private volatile ServerDefinition definition;
  private final Ledger ledger;
  private final RelaySettings settings;
  private final Clock clock;
  private final Line line;
  private final Voice voice;
  private final Lists lists = new Lists();
  private final Subscriptions subscriptions;
  private final Driver driver;
  private final Desk desk;
  private final ReentrantLock starting = new ReentrantLock();
  private volatile boolean started;
  private final Listening listening;
  private final Replayer replayer;
  private final Comeback comeback;
  private final Recordings recordings;
  private final Traces traces;
  private volatile ClientIntroduction client;
  private volatile long queuedWhenSeen;

  /// What all relays share.
  ///
  /// @param newId ids that nobody can guess
  /// @param downSinceMillis when the worker before this one was alive last, Unix time
  /// @param version of this program
  /// @param traces take a span of each request
  record Shared(
      RelaySettings settings,
      ConnectionSettings connections,
      Clock clock,
      Supplier<String> newId,
      long downSinceMillis,
      String version,
      Recordings recordings,
      Traces traces,
      Log log) {}

  Relay(ServerDefinition definition, Ledger ledger, Shared shared) {
    Log log = shared.log().with("session_id", ledger.session()).with("server", definition.name());
    this.definition = definition;
    this.ledger = ledger;
    this.settings = shared.settings();
    this.clock = shared.clock();
    this.recordings = shared.recordings();
    this.traces = shared.traces();
    this.client = ourselves(shared.version());
    this.line = new Line(definition.profile().pace());
    this.voice = new Voice(shared.newId(), log);
    this.desk = new Desk(ledger, line, this::carry, settings, new Standing(), log);
    Optional<Connection> known = ledger.connection();
    this.subscriptions =
        new Subscriptions(
            known.map(Connection::memory).map(Connection.Memory::asked).orElse(JsonObject.EMPTY),
            known.isPresent() && known.get().lastHeartbeatMillis() != Connection.NEVER,
            this::remember);
    this.replayer = new Replayer(definition.profile(), ledger, line, settings, log);
    this.comeback =
        new Comeback(
            new Comeback.Parts(
                desk,
                replayer,
                subscriptions,
                voice,
                definition.profile().trust().hints(),
                this::carry,
                this::connection,
                settings,
                log),
            known
                .map(Connection::memory)
                .map(memory -> IdBinding.of(memory.bindings()))
                .orElse(IdBinding.NONE));
    this.driver =
        new Driver(
            new Driver.Parts(
                () -> this.definition,
                ledger,
                line,
                voice,
                shared.connections(),
                () -> this.client,
                comeback,
                shared.clock(),
                log),
            shared.downSinceMillis());
    this.listening = new Listening(voice, subscriptions, line, this::pass, driver);
  }

  private void remember(JsonObject asked) {
    driver.remember(memory -> memory.asked(asked));
  }

  /// Who we are for a server that is used without a client that has introduced itself.
  private static ClientIntroduction ourselves(String version) {
    return new ClientIntroduction(
        RawObject.of(JsonObject.builder().put("name", "planaria").put("version", version).build()),
        RawObject.EMPTY);
  }

  /// The same server, as its operator describes it now; it counts for the next conversation.
  void redefine(ServerDefinition now) {
    definition = now;
  }

  /// The connection as it is now.
  public Connection connection() {
    return driver.connection();
  }

  /// Whose it is.
  public SessionId session() {
    return ledger.session();
  }

  /// True when a call's arguments hold something that is written nowhere.
  boolean isSensitive(RawObject params) {
    Profile profile = definition.profile();
    String tool = params.text("name");
    return tool != null
        && profile.trust().sensitive().containsKey(tool)
        && profile.isSensitive(tool, Rewriting.text(params));
  }

  /// How many calls wait for the server. Wakes no session: of one that has left memory since, as
  /// many as when it was looked at last, since nothing changes there.
  public long queued() {
    ledger
        .openIfResident()
        .ifPresent(open ->
            queuedWhenSeen =
                open.stream().filter(call -> call.status() == CallStatus.QUEUED).count());
    return queuedWhenSeen;
  }

  /// The calls that wait or run, in the order in which they came; nothing when the session is on
  /// disk alone, where it stays.
  public Optional<List<Call>> openCalls() {
    return ledger.openIfResident();
  }

  /// Sends what waits, though the connection is there: somebody wants a call sent again.
  public void drainAgain() {
    UpstreamSession session = line.present();
    if (session == null) {
      driver.on(new ConnectionEvent.CallWaiting());
      return;
    }
    Thread.ofVirtual()
        .name("drain-" + definition.name())
        .start(() -> {
          try {
            desk.drain(session);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /// Connects, if nobody has asked for that yet. What another worker has left is settled before
  /// anybody asks for it: clients come back all at once, and a call that may have run must not be
  /// taken for one that waits.
  void start() {
    if (started) {
      return;
    }
    starting.lock();
    try {
      if (!started) {
        desk.settle();
        driver.start();
        started = true;
      }
    } finally {
      starting.unlock();
    }
  }

  /// Says for whom the server is connected: what a legacy server hears when the next conversation
  /// begins.
  public void introduce(ClientIntroduction who) {
    client = who;
    start();
  }

  /// Who the server is: of the conversation that is open, or the last one.
  ///
  /// @throws RpcError when nothing was ever heard of it, and it cannot be reached in time
  public ServerIntroduction server() {
    start();
    try {
      var known = Introductions.read(driver.connection());
      UpstreamSession open =
          line.await(known.isPresent() ? settings.staleMillis() : settings.introductionMillis());
      if (open != null) {
        return open.server();
      }
      return Introductions.read(driver.connection())
          .orElseThrow(() -> new RpcError(RpcError.INTERNAL, 200, unknown(), null));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw RpcError.internal();
    }
  }

  private String unknown() {
    Connection connection = driver.connection();
    return connection.consecutiveFailures() == 0
        ? "the server "
            + definition.name()
            + " is still being started for the first time, which takes minutes when its package has"
            + " to be fetched; ask again"
        : "the server "
            + definition.name()
            + " cannot be reached: "
            + connection.standing().reason();
  }

  /// Answers a request, in bounded time.
  public RawAnswer request(Ask ask) {
    start();
    try (Traces.Span span = CallSpans.begin(traces, ask, ledger.session(), definition.name())) {
      RawAnswer answer = answer(span.context().map(ask::within).orElse(ask));
      CallSpans.ended(span, answer);
      return Bridge.answer(
          announced(ask, answer), ask.method(), ask.era(), driver.connection().era(), serverInfo());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Words.away(definition.name(), "the daemon ends");
    }
  }

  /// The headers in which a modern client repeats arguments of a call, as far as the server's tools
  /// were listed since this worker began; of a tool that was not, nothing can be said.
  public Map<String, String> paramHeaders(RawObject params) {
    return lists.paramHeaders(params);
  }

  private RawObject serverInfo() {
    return Introductions.read(driver.connection())
        .map(ServerIntroduction::serverInfo)
        .orElse(RawObject.EMPTY);
  }

  private RawAnswer answer(Ask ask) throws InterruptedException {
    subscriptions.note(ask);
    if (driver.connection().era() == Era.MODERN && ask.era() == Era.LEGACY) {
      switch (ask.method()) {
        case "resources/subscribe", "resources/unsubscribe" -> {
          listening.again();
          return new RawAnswer.Result(RawObject.EMPTY);
        }
        case "logging/setLevel" -> {
          return new RawAnswer.Result(RawObject.EMPTY);
        }
        default -> {
          // It is the server's.
        }
      }
    }
    Profile profile = definition.profile();
    String tool = ask.target();
    if (!ask.method().equals(Ask.CALL) || tool == null) {
      return pass(ask);
    }
    CallClass callClass = profile.callClass(tool, lists.annotations(tool));
    boolean kept = profile.isKept(tool);
    if (callClass == CallClass.READ_ONLY && !kept) {
      return pass(ask);
    }
    boolean mayWrite = !profile.isSensitive(tool, Rewriting.text(ask.params()));
    RawAnswer answer = desk.call(ask, callClass, new Desk.Durability(mayWrite, kept && mayWrite));
    if (profile.reset().contains(tool) || profile.overwrites().containsKey(tool)) {
      var _ = replayer.compacted();
    }
    return answer;
  }

  /// A request that changes nothing: it is sent again when the connection breaks under it. All its
  /// waits for the server together are as long as one call's.
  private RawAnswer pass(Ask ask) throws InterruptedException {
    Lists.Page known = Lists.isList(ask.method()) ? lists.last(ask) : null;
    long left = known == null ? settings.answerMillis() : settings.staleMillis();
    String reason = "";
    for (int i = 0; i <= settings.repeats(); i++) {
      UpstreamSession session = line.present();
      if (session == null) {
        driver.on(new ConnectionEvent.CallWaiting());
        long before = clock.nowMillis().getAsLong();
        session = line.await(left);
        left -= Math.max(0, clock.nowMillis().getAsLong() - before);
      }
      if (session == null) {
        String why = driver.connection().standing().reason();
        return known == null
            ? Words.away(definition.name(), why)
            : new RawAnswer.Result(Words.stale(known.result(), why, known.atMillis()));
      }
      try {
        return carry(session, ask, settings.callMillis());
      } catch (UpstreamBroken e) {
        reason = e.trouble().sentence();
        driver.broken(session, e.trouble());
      } catch (UpstreamTimeout e) {
        return Words.away(definition.name(), String.valueOf(e.getMessage()));
      } catch (RequestFailed e) {
        return Words.refused(RpcError.INTERNAL, String.valueOf(e.getMessage()));
      }
    }
    return Words.away(
        definition.name(), "the connection broke under it again and again: " + reason);
  }

  private RawAnswer carry(UpstreamSession session, Ask ask, long timeoutMillis)
      throws RequestFailed, InterruptedException {
    Era era = session.server().era();
    IdBinding ids = comeback.bindings();
    RawObject params = Bridge.params(ask.params(), ask.era(), era);
    UpstreamRequest request =
        UpstreamRequest.of(ask.method(), Rewriting.toServer(ids, params), timeoutMillis);
    byte[] token = ask.progressToken();
    if (token != null) {
      request =
          request.withProgress(progress ->
              ask.outlet()
                  .tell(
                      new Message.Told(
                          "notifications/progress", progress.with("progressToken", token))));
    }
    String level = ask.era() == Era.MODERN ? ask.logLevel() : subscriptions.level();
    if (level != null) {
      request = request.withLogLevel(level);
    }
    RawObject offered = ask.clientCapabilities();
    if (offered != null) {
      request = request.withClientCapabilities(offered);
    }
    line.enter();
    voice.begun(request, ask);
    try {
      RawAnswer answer =
          Rewriting.toClient(ids, definition.profile(), ask, session.request(request));
      lists.note(ask, answer, clock.nowMillis().getAsLong());
      recordings.note(ledger, definition.profile(), lists, ask, answer);
      return answer;
    } finally {
      voice.heard();
      voice.ended(request);
      line.leave();
    }
  }

  /// Adds what the client has to know, once, to the result of a tool.
  private RawAnswer announced(Ask ask, RawAnswer answer) {
    Connection connection = driver.connection();
    if (connection.memory().losses() == connection.memory().lossesAnnounced()
        || !ask.method().equals(Ask.CALL)
        || !(answer instanceof RawAnswer.Result(RawObject result))
        || !ledger.mayHoldState()) {
      return answer;
    }
    driver.remember(Connection.Memory::announced);
    boolean copied = definition.profile().fresh().privateCopy();
    return new RawAnswer.Result(
        Words.withNotice(result, Words.loss(definition.name(), unbuilt(connection), copied)));
  }

  /// Why the server's state is not there as a whole although something says how to rebuild it.
  private @Nullable String unbuilt(Connection connection) {
    String now = comeback.unbuilt();
    return now != null ? now : connection.memory().replayIncomplete();
  }

  /// Takes back a request that its client no longer wants.
  public void cancel(CallId id, String reason) {
    String why =
        reason.isEmpty() ? "its client cancelled it" : "its client cancelled it: " + reason;
    if (desk.cancelQueued(id, why)) {
      return;
    }
    UpstreamRequest request = voice.runningFor(id);
    UpstreamSession session = line.present();
    if (request != null && session != null) {
      session.cancel(request, reason);
    }
  }

  /// Passes a client's notification on, if the server is there.
  public void tell(String method, RawObject params) {
    UpstreamSession session = line.present();
    if (session != null && session.server().era() == Era.LEGACY) {
      try {
        session.send(method, params);
      } catch (UpstreamBroken e) {
        driver.broken(session, e.trouble());
      }
    }
  }

  /// Passes on a client's answer to something that the server had asked.
  ///
  /// @return false when the server does not wait for it
  boolean respond(String id, RawAnswer answer) {
    return voice.answered(id, answer);
  }

  /// What the server says that belongs to no request, from now on.
  public Mailbox listen() {
    start();
    return voice.listen(true, () -> {});
  }

  /// The same with changes of resources, and without the server's questions.
  public Mailbox listen(Set<String> resources) {
    start();
    return listening.begin(resources);
  }

  /// Connects anew, now.
  public void reconnect() {
    start();
    driver.on(new ConnectionEvent.ReconnectAsked());
  }

  /// Ends the streams of everybody who listens.
  void endListening() {
    listening.end();
  }

  /// Lets go of the server so that another worker can go on with it.
  void leave() {
    endListening();
    if (started) {
      driver.leave();
    }
  }

  @Override
  public void close() {
    endListening();
    if (started) {
      driver.close();
    }
  }

  private final class Standing implements Desk.Standing {
    @Override
    public String reason() {
      return driver.connection().standing().reason();
    }

    @Override
    public void callWaiting() {
      driver.on(new ConnectionEvent.CallWaiting());
    }

    @Override
    public void broken(UpstreamSession session, Trouble trouble) {
      driver.broken(session, trouble);
    }
  }
}
