package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.replay.Profile;
import dev.planaria.app.gateway.upstreams.Oddities;
import dev.planaria.app.gateway.upstreams.RawAnswer;
import dev.planaria.app.gateway.upstreams.RequestFailed;
import dev.planaria.app.gateway.upstreams.ServerIntroduction;
import dev.planaria.app.gateway.upstreams.StoredSession;
import dev.planaria.app.gateway.upstreams.Trouble;
import dev.planaria.app.gateway.upstreams.UpstreamRequest;
import dev.planaria.app.gateway.upstreams.UpstreamSession;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.app.gateway.wire.RpcId;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.session.Caller;
import dev.planaria.engine.session.EngineEnvironment;
import dev.planaria.engine.session.EngineSettings;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.state.Call;
import dev.planaria.engine.state.CallClass;
import dev.planaria.engine.state.CallId;
import dev.planaria.engine.state.CallStatus;
import dev.planaria.engine.state.Connection;
import dev.planaria.engine.state.Era;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.state.Transport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A desk with a real engine below it, and above it a server that does what a test says.
final class DeskStage implements AutoCloseable {
  private static final long DEADLINE_MILLIS = 10_000;
  private static final long NOW_MILLIS = 1_800_000_000_000L;
  private static final RelaySettings SETTINGS = new RelaySettings(5_000, 100, 10_000, 2, 5_000);

  final List<String> warnings = Collections.synchronizedList(new ArrayList<>());
  final List<String> broken = Collections.synchronizedList(new ArrayList<>());
  final Line line = new Line(Profile.Pace.FREE);
  final Ledger ledger;
  final Desk desk;

  /// What the server does with a request.
  volatile Server server =
      (_, _) -> {
        throw new IllegalStateException("nothing was to be sent");
      };

  private final SessionEngine engine;
  private final AtomicLong ids = new AtomicLong();

  /// A server.
  interface Server {
    RawAnswer answer(UpstreamSession session, Ask ask) throws RequestFailed, InterruptedException;
  }

  DeskStage(Path directory) {
    engine =
        SessionEngine.open(
            directory,
            EngineSettings.DEFAULT,
            new EngineEnvironment(
                () -> NOW_MILLIS,
                System::nanoTime,
                () -> new UUID(NOW_MILLIS << 16 | 0x7000L, Long.MIN_VALUE + ids.incrementAndGet()),
                () -> "secret" + ids.incrementAndGet()),
            null);
    var session =
        engine
            .openSession("work", null, SwarmConfiguration.DEFAULT, new Caller("test", null))
            .state()
            .id();
    ledger = new Ledger(engine, session, "echo");
    ledger.put(Connection.of("echo", Transport.STDIO, Era.LEGACY, NOW_MILLIS));
    Carrier carrier = (conversation, ask, _) -> server.answer(conversation, ask);
    desk = new Desk(ledger, line, carrier, SETTINGS, new Standing(), new Warnings());
  }

  private final class Standing implements Desk.Standing {
    @Override
    public String reason() {
      return "it was never there";
    }

    @Override
    public void callWaiting() {
      // the test opens the line itself
    }

    @Override
    public void broken(UpstreamSession session, Trouble trouble) {
      line.close();
      broken.add(trouble.sentence());
    }
  }

  private final class Warnings implements Log {
    @Override
    public void info(String message) {
      // nobody asks for it
    }

    @Override
    public void warn(String message, @Nullable Throwable cause) {
      warnings.add(message);
    }
  }

  static Ask ask(String id) {
    return ask(id, "{\"n\":1}");
  }

  static Ask ask(String id, String arguments) {
    String params = "{\"name\":\"add\",\"arguments\":" + arguments + "}";
    return new Ask(
        new CallId("operator", id),
        Ask.CALL,
        RawObject.parse(params.getBytes(StandardCharsets.UTF_8), JsonLimits.OWN),
        Era.LEGACY,
        Outlet.NONE);
  }

  static RawAnswer result(String text) {
    var item = JsonObject.builder().put("type", "text").put("text", text).build();
    return new RawAnswer.Result(
        RawObject.of(JsonObject.builder().put("content", new JsonArray(List.of(item))).build()));
  }

  /// The first text of a result, or the message of an error.
  static String text(RawAnswer answer) {
    return switch (answer) {
      case RawAnswer.Result(RawObject raw) ->
          String.valueOf(
              RawObject.parse(firstItem(raw.raw("content").orElseThrow()), JsonLimits.OWN)
                  .text("text"));
      case RawAnswer.Refusal(RawObject raw) -> String.valueOf(raw.text("message"));
    };
  }

  private static byte[] firstItem(byte[] array) {
    String items = new String(array, StandardCharsets.UTF_8);
    return items.substring(1, items.length() - 1).getBytes(StandardCharsets.UTF_8);
  }

  /// Writes a call down as a process before this one would have left it.
  void accept(String id, CallClass callClass, CallStatus as, @Nullable String params) {
    ledger.accept(ask(id), callClass, as, params, false);
  }

  void awaitStatus(String id, CallStatus wanted) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DEADLINE_MILLIS);
    while (ledger.find(ask(id).id()).map(Call::status).orElse(null) != wanted) {
      if (System.nanoTime() > end) {
        throw new AssertionError("the call " + id + " never became " + wanted);
      }
      Thread.onSpinWait();
    }
  }

  /// A conversation of which nothing is asked but its identity.
  UpstreamSession session() {
    return new Conversation();
  }

  private static final class Conversation implements UpstreamSession {
    @Override
    public ServerIntroduction server() {
      throw new UnsupportedOperationException();
    }

    @Override
    public RawAnswer request(UpstreamRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void cancel(UpstreamRequest request, String reason) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void send(String method, RawObject params) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void respond(RpcId id, RawAnswer answer) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void listen(RawObject notifications) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<StoredSession> stored() {
      return Optional.empty();
    }

    @Override
    public Optional<ProcessHandle> process() {
      return Optional.empty();
    }

    @Override
    public Oddities oddities() {
      return new Oddities(0, 0, 0);
    }

    @Override
    public Optional<Trouble> ended() {
      return Optional.empty();
    }

    @Override
    public void leave() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
      throw new UnsupportedOperationException();
    }
  }

  Gate gate() {
    return new Gate();
  }

  /// A place where the server stands still until the test lets it go on.
  static final class Gate {
    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);
    private final AtomicInteger arrivals = new AtomicInteger();

    void arriveAndWait() throws InterruptedException {
      arrivals.incrementAndGet();
      arrived.countDown();
      opened.await();
    }

    void awaitArrival() throws InterruptedException {
      if (!arrived.await(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("nobody came to the gate");
      }
    }

    void open() {
      opened.countDown();
    }

    int arrivals() {
      return arrivals.get();
    }
  }

  void closeStore() {
    engine.close();
  }

  @Override
  public void close() {
    engine.close();
  }
}
