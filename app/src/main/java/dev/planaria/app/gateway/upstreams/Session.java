package dev.planaria.app.gateway.upstreams;

import dev.planaria.app.gateway.wire.Log;
import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.app.gateway.wire.RpcId;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.state.Era;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A conversation over any wire: gives requests their ids, matches answers to them, and passes on
/// what comes unasked. Thread-safe.
final class Session implements UpstreamSession, Wire.Inbound {
  private final ClientIntroduction client;
  private final UpstreamEvents events;
  private final JsonLimits limits;
  private final Log log;
  private final Wire wire;
  private final AtomicLong lastId = new AtomicLong();
  private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable Trouble> ended = new AtomicReference<>();
  private final AtomicLong noise = new AtomicLong();
  private final AtomicLong errorsWithoutId = new AtomicLong();
  private final AtomicLong unknownAnswers = new AtomicLong();
  private final Subscription subscription = new Subscription(this);
  private volatile @Nullable ServerIntroduction server;

  /// Who talks, and what is allowed.
  ///
  /// @param limits what one message of the server may ask of us
  record Setup(ClientIntroduction client, UpstreamEvents events, JsonLimits limits, Log log) {}

  /// @param wire makes the wire, given where to leave what it receives
  Session(Setup setup, Function<Wire.Inbound, Wire> wire) {
    this.client = setup.client;
    this.events = setup.events;
    this.limits = setup.limits;
    this.log = setup.log;
    this.wire = wire.apply(this);
  }

  /// Begins to receive.
  void begin() {
    wire.start();
  }

  /// Hears from now on what the server tells unasked; of a modern one that is all that it tells of
  /// its lists.
  void subscribe() {
    wire.opened();
    if (isModern()) {
      subscription.choose(Subscription.everyListOf(server().capabilities()));
    }
  }

  /// The rest goes on as the server introduced itself.
  void introduced(ServerIntroduction introduction) {
    server = introduction;
    wire.introduced(introduction);
  }

  ClientIntroduction client() {
    return client;
  }

  @Override
  public ServerIntroduction server() {
    ServerIntroduction known = server;
    if (known == null) {
      throw new IllegalStateException("nobody was introduced yet");
    }
    return known;
  }

  private boolean isModern() {
    ServerIntroduction known = server;
    return known != null && known.era() == Era.MODERN;
  }

  @Override
  public RawAnswer request(UpstreamRequest request) throws RequestFailed, InterruptedException {
    return await(start(request));
  }

  /// Sends a request without waiting.
  Pending start(UpstreamRequest request) {
    long id = lastId.incrementAndGet();
    var waiting = new Pending(request, id, paramsOf(request, id));
    pending.put(id, waiting);
    waiting.whenDone(() -> pending.remove(id));
    Trouble over = ended.get();
    if (over == null) {
      wire.request(waiting, Envelopes.request(id, request.method(), waiting.params()));
    } else {
      waiting.fail(over);
    }
    return waiting;
  }

  private RawAnswer await(Pending waiting) throws RequestFailed, InterruptedException {
    try {
      return waiting.await(waiting.request().timeoutMillis());
    } catch (TimeoutException _) {
      long millis = waiting.request().timeoutMillis();
      var failure = new UpstreamTimeout(millis, waiting.end());
      waiting.fail(failure);
      abandon(waiting, "no answer within " + millis + " ms");
      throw failure;
    } catch (InterruptedException e) {
      abandon(waiting, "interrupted");
      throw e;
    }
  }

  @Override
  public void cancel(UpstreamRequest request, String reason) {
    for (Pending waiting : pending.values()) {
      if (waiting.request() == request) {
        abandon(waiting, reason);
      }
    }
  }

  void abandon(Pending waiting, String reason) {
    Sent sent = waiting.end();
    waiting.fail(new UpstreamCancelled(sent));
    boolean initialize = waiting.request().method().equals("initialize"); // must not be cancelled
    if (sent != Sent.NEVER_SENT && !initialize) {
      var params =
          JsonObject.builder().put("requestId", waiting.id()).put("reason", reason).build();
      wire.abandon(
          waiting, Envelopes.notification("notifications/cancelled", RawObject.of(params)));
    }
  }

  private RawObject paramsOf(UpstreamRequest request, long id) {
    RawObject params = request.params();
    RawObject old = params.object("_meta").orElse(RawObject.EMPTY);
    RawObject meta = old.without("progressToken");
    if (request.onProgress() != null) {
      meta = meta.with("progressToken", JsonNumber.of(id));
    }
    if (isModern()) {
      meta = modernMeta(meta, request);
    }
    return meta.names().isEmpty() && old.names().isEmpty() ? params : params.with("_meta", meta);
  }

  private RawObject modernMeta(RawObject meta, UpstreamRequest request) {
    RawObject offered = request.clientCapabilities();
    RawObject whole =
        meta.with(ModernMeta.PROTOCOL_VERSION, new JsonString(server().protocolVersion()))
            .with(
                ModernMeta.CLIENT_CAPABILITIES, offered == null ? client.capabilities() : offered);
    RawObject introduced =
        whole.has(ModernMeta.CLIENT_INFO)
            ? whole // a modern client says itself who it is
            : whole.with(ModernMeta.CLIENT_INFO, client.clientInfo());
    String level = request.logLevel();
    return level == null
        ? introduced
        : introduced.with(ModernMeta.LOG_LEVEL, new JsonString(level));
  }

  @Override
  public void send(String method, RawObject params) throws UpstreamBroken {
    requireOpen();
    wire.send(Envelopes.notification(method, params));
  }

  @Override
  public void respond(RpcId id, RawAnswer answer) throws UpstreamBroken {
    requireOpen();
    wire.send(Envelopes.answer(id, answer));
  }

  private void requireOpen() throws UpstreamBroken {
    Trouble over = ended.get();
    if (over != null) {
      throw new UpstreamBroken(over, Sent.NEVER_SENT);
    }
  }

  @Override
  public void listen(RawObject notifications) throws UpstreamBroken {
    requireOpen();
    if (isModern()) {
      subscription.choose(notifications);
    }
  }

  @Override
  public void receive(byte[] message, @Nullable Pending during) {
    for (Incoming incoming : Incoming.read(message, limits)) {
      try {
        receive(incoming, during);
      } catch (RuntimeException e) {
        log.warn("a message of a server could not be dealt with", e);
      }
    }
  }

  private void receive(Incoming incoming, @Nullable Pending during) {
    UpstreamRequest request = during == null ? null : during.request();
    switch (incoming) {
      case Incoming.Answer(RpcId id, RawAnswer answer) -> {
        Pending waiting = waitingFor(id.value());
        if (waiting == null) {
          unknownAnswers.incrementAndGet();
        } else {
          waiting.answer(answer);
        }
      }
      case Incoming.BadAnswer(RpcId id, String rule) -> {
        Pending waiting = waitingFor(id.value());
        if (waiting == null) {
          unknownAnswers.incrementAndGet();
        } else {
          waiting.fail(new Trouble.NotMcp(rule));
        }
      }
      case Incoming.Asked(RpcId id, String method, _) when method.equals("ping") -> pong(id);
      case Incoming.Asked(RpcId id, String method, RawObject params) ->
          events.request(id, method, params, request);
      case Incoming.Told(String method, RawObject params)
          when method.equals("notifications/progress") ->
          progress(params);
      case Incoming.Told(String method, RawObject params) -> {
        subscription.told(method, params);
        events.notification(method, params, request);
      }
      case Incoming.ErrorWithoutId _ -> errorsWithoutId.incrementAndGet();
      case Incoming.Noise _ -> noise.incrementAndGet();
    }
  }

  @Nullable Pending waitingFor(@Nullable JsonValue id) {
    Long number = id instanceof JsonNumber written ? written.toLong() : null;
    return number == null ? null : pending.get(number);
  }

  private void pong(RpcId id) {
    Thread.ofVirtual()
        .start(() -> {
          try {
            respond(id, new RawAnswer.Result(RawObject.EMPTY));
          } catch (UpstreamBroken _) {
            // It is told elsewhere that it hears nothing; it may ask a million times.
          }
        });
  }

  private void progress(RawObject params) {
    Pending waiting = waitingFor(params.value("progressToken"));
    var listener = waiting == null ? null : waiting.request().onProgress();
    if (listener == null) {
      noise.incrementAndGet();
    } else {
      listener.accept(params);
    }
  }

  @Override
  public void noise() {
    noise.incrementAndGet();
  }

  @Override
  public void tooLong(@Nullable Long answered, Trouble.MessageTooLong trouble) {
    noise.incrementAndGet();
    Pending waiting = answered == null ? null : pending.get(answered);
    if (waiting != null) {
      waiting.fail(trouble);
    }
  }

  @Override
  public void missed() {
    events.missed();
  }

  @Override
  public void broken(Trouble trouble) {
    if (ended.compareAndSet(null, trouble)) {
      failAll(trouble);
      events.ended(trouble);
    }
  }

  private void failAll(Trouble trouble) {
    subscription.close();
    pending.values().forEach(waiting -> waiting.fail(trouble));
  }

  @Override
  public Optional<StoredSession> stored() {
    return wire.sessionId().map(id -> new StoredSession(id, server()));
  }

  @Override
  public Optional<ProcessHandle> process() {
    return wire.process();
  }

  @Override
  public Optional<String> unsure() {
    return wire.unsure();
  }

  @Override
  public Oddities oddities() {
    return new Oddities(noise.get(), errorsWithoutId.get(), unknownAnswers.get());
  }

  @Override
  public Optional<Trouble> ended() {
    return Optional.ofNullable(ended.get());
  }

  @Override
  public void leave() {
    closed();
    wire.leave();
  }

  /// A conversation that is already over still has a process to be cleared away.
  @Override
  public void close() {
    closed();
    wire.close();
  }

  private void closed() {
    var closed = new Trouble.Closed();
    if (ended.compareAndSet(null, closed)) {
      failAll(closed);
    }
  }
}
