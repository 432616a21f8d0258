package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.upstreams.ClientIntroduction;
import dev.planaria.app.gateway.upstreams.ConnectFailed;
import dev.planaria.app.gateway.upstreams.RequestFailed;
import dev.planaria.app.gateway.upstreams.StoredSession;
import dev.planaria.app.gateway.upstreams.Trouble;
import dev.planaria.app.gateway.upstreams.UpstreamBroken;
import dev.planaria.app.gateway.upstreams.UpstreamRequest;
import dev.planaria.app.gateway.upstreams.UpstreamSession;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.engine.json.WireName;
import dev.planaria.engine.session.OutcomeUnknown;
import dev.planaria.engine.session.SessionUnavailable;
import dev.planaria.engine.session.StoreUnavailable;
import dev.planaria.engine.state.Connection;
import dev.planaria.engine.state.Era;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.Transport;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Does what the state machine of one connection says, and tells it what came of it. One thread
/// takes the events, one after the other; whatever takes time runs on a thread of its own.
/// Thread-safe.
final class Driver implements AutoCloseable {
  private final Parts parts;
  private final BlockingQueue<ConnectionEvent> events = new LinkedBlockingQueue<>();

  /// Held while the connection's record is read, changed and written.
  private final ReentrantLock record = new ReentrantLock();

  private ConnectionMachine machine;
  private long heardBefore;
  private volatile @Nullable UpstreamSession session;
  private volatile Voice.@Nullable Conversation current;
  private volatile @Nullable Thread connecting;
  private volatile CompletableFuture<@Nullable Void> closed =
      CompletableFuture.completedFuture(null);
  private volatile boolean closing;
  private volatile boolean leaving;

  /// What a driver stands on.
  ///
  /// @param definition the server, at the time of asking
  /// @param client who we say we are, at the time of asking
  /// @param duties what is to be done in a conversation before and besides calls
  record Parts(
      Supplier<ServerDefinition> definition,
      Ledger ledger,
      Line line,
      Voice voice,
      ConnectionSettings settings,
      Supplier<ClientIntroduction> client,
      Duties duties,
      Clock clock,
      Log log) {}

  /// What is to be done in a conversation.
  interface Duties {
    /// Rebuilds what the server has lost.
    ///
    /// @throws UpstreamBroken when the conversation broke meanwhile
    ConnectionEvent.Replayed replay(UpstreamSession session, Connection connection)
        throws UpstreamBroken, InterruptedException;

    /// Catches up, and opens the line.
    ///
    /// @return false when the conversation broke meanwhile
    boolean catchUp(UpstreamSession session) throws InterruptedException;

    /// Makes up for notifications that may have been missed.
    void missed();

    /// Tells those who wait that they wait for long.
    void answerWaiting(String reason);
  }

  /// @param downSinceMillis when the worker before this one was alive last, Unix time
  Driver(Parts parts, long downSinceMillis) {
    this.parts = parts;
    long now = parts.clock().nowMillis().getAsLong();
    Connection connection =
        parts
            .ledger()
            .connection()
            .orElseGet(() ->
                Connection.of(
                    parts.definition().get().name(),
                    parts.definition().get().transport(),
                    Era.LEGACY,
                    now));
    this.machine =
        ConnectionMachine.resume(connection, Math.max(downSinceMillis, 0), now, parts.settings());
  }

  /// Begins, and writes down that there is such a connection.
  void start() {
    put(machine.connection());
    Thread.ofVirtual().name("connection-" + parts.definition().get().name()).start(this::run);
  }

  /// The connection as it is now.
  Connection connection() {
    record.lock();
    try {
      return machine.connection();
    } finally {
      record.unlock();
    }
  }

  /// Something happens to the connection.
  void on(ConnectionEvent event) {
    events.add(event);
  }

  /// A request found that its conversation is broken.
  void broken(UpstreamSession broken, Trouble trouble) {
    broken(broken, new ConnectionEvent.Broken(trouble));
  }

  private void broken(UpstreamSession broken, ConnectionEvent.Broken event) {
    if (broken.equals(session)) {
      parts.line().close();
      on(event);
    }
  }

  private void run() {
    try {
      long wakeAt = step(new ConnectionEvent.Tick(false));
      while (!closing) {
        long now = parts.clock().nowMillis().getAsLong();
        ConnectionEvent event =
            wakeAt == Long.MAX_VALUE
                ? events.take()
                : events.poll(Math.max(0, wakeAt - now), TimeUnit.MILLISECONDS);
        wakeAt = step(event == null ? new ConnectionEvent.Tick(parts.line().isBusy()) : event);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Takes one event.
  ///
  /// @return when to look again, Unix time
  private long step(ConnectionEvent event) {
    long now = parts.clock().nowMillis().getAsLong();
    ConnectionMachine.Step step;
    record.lock();
    try {
      Connection before = machine.connection();
      refresh();
      long heard = parts.voice().heardCount();
      if (heard != heardBefore) {
        heardBefore = heard;
        machine = machine.on(new ConnectionEvent.Heard(), now, parts.clock().random()).machine();
      }
      step = machine.on(event, now, parts.clock().random());
      machine = step.machine();
      if (!machine.connection().equals(before)) {
        put(machine.connection());
      }
      tell(before, machine.connection());
    } catch (IllegalStateException late) {
      // The result of something that was given up meanwhile.
      parts.log().info("a connection's event came too late: " + late.getMessage());
      return now;
    } finally {
      record.unlock();
    }
    long wakeAt = Long.MAX_VALUE;
    for (ConnectionAction action : step.actions()) {
      if (action instanceof ConnectionAction.Wait(long untilMillis)) {
        wakeAt = untilMillis;
      } else {
        act(action, event instanceof ConnectionEvent.ReconnectAsked);
      }
    }
    return wakeAt;
  }

  private void tell(Connection before, Connection after) {
    if (before.status() != after.status()) {
      parts
          .log()
          .info(
              "connection "
                  + WireName.of(before.status())
                  + " -> "
                  + WireName.of(after.status())
                  + ": "
                  + after.standing().reason());
    }
  }

  /// Calls change what is remembered of the connection, too.
  private void refresh() {
    try {
      parts
          .ledger()
          .connection()
          .ifPresent(found ->
              machine =
                  new ConnectionMachine(
                      machine
                          .connection()
                          .remembering(found.memory(), machine.connection().updatedAtMillis()),
                      machine.moment(),
                      machine.settings()));
    } catch (SessionUnavailable | StoreUnavailable e) {
      parts.log().info("a connection's record cannot be read now: " + e.getMessage());
    }
  }

  private void put(Connection connection) {
    try {
      parts.ledger().put(connection);
    } catch (StoreUnavailable | SessionUnavailable | OutcomeUnknown | Refusal e) {
      parts.log().warn("a connection's state could not be written down; it goes on", e);
    }
  }

  /// Changes what is remembered of the connection.
  void remember(UnaryOperator<Connection.Memory> change) {
    record.lock();
    try {
      refresh();
      Connection changed =
          machine
              .connection()
              .remembering(
                  change.apply(machine.connection().memory()),
                  parts.clock().nowMillis().getAsLong());
      machine = new ConnectionMachine(changed, machine.moment(), machine.settings());
      put(changed);
    } finally {
      record.unlock();
    }
  }

  /// @param byHand true when somebody has asked for a conversation that is new
  private void act(ConnectionAction action, boolean byHand) {
    switch (action) {
      case ConnectionAction.Connect _ -> connect();
      case ConnectionAction.Ping(long untilMillis) -> ping(untilMillis);
      case ConnectionAction.Disconnect _ -> disconnect(byHand);
      case ConnectionAction.Replay() -> inConversation(this::replay);
      case ConnectionAction.DrainQueue() -> inConversation(this::catchUp);
      case ConnectionAction.AnswerWaiting(String reason) -> parts.duties().answerWaiting(reason);
      case ConnectionAction.DeclareLost(String reason) ->
          parts.log().warn("the server " + name() + " is lost; it is tried on: " + reason, null);
      case ConnectionAction.Serve(), ConnectionAction.Wait _ -> {
        // The line opens itself behind the last call that waited.
      }
    }
  }

  private String name() {
    return parts.definition().get().name();
  }

  private void connect() {
    disconnect(false); // what is left of the conversation before: two processes may share files
    connecting = Thread.ofVirtual().name("connecting-" + name()).start(this::attempt);
  }

  private void attempt() {
    try {
      closed.join();
      var conversation = parts.voice().conversation(this::missed, this::over);
      current = conversation;
      StoredSession before = fromRecord();
      UpstreamSession begun = before == null ? null : resume(before, conversation);
      boolean resumed = begun != null;
      if (begun == null) {
        begun = parts.definition().get().upstream().connect(parts.client().get(), conversation);
      }
      begin(begun, conversation, resumed);
    } catch (ConnectFailed e) {
      on(new ConnectionEvent.AttemptFailed(e.trouble()));
    } catch (InterruptedException e) {
      // Given up: the machine knows.
    } catch (RuntimeException e) {
      parts.log().warn("an attempt to connect to " + name() + " broke", e);
      on(new ConnectionEvent.AttemptFailed("an internal error; the daemon's log has it"));
    }
  }

  private @Nullable UpstreamSession resume(StoredSession before, Voice.Conversation conversation)
      throws InterruptedException, ConnectFailed {
    try {
      return parts.definition().get().upstream().resume(before, parts.client().get(), conversation);
    } catch (ConnectFailed e) {
      if (e.trouble() instanceof Trouble.SessionLost) {
        return null;
      }
      throw e;
    }
  }

  /// The session that was opened before, by this worker or another, and in which all is as it was.
  private @Nullable StoredSession fromRecord() {
    Connection connection = connection();
    String id = connection.memory().session();
    return id == null
        ? null
        : Introductions.read(connection).map(server -> new StoredSession(id, server)).orElse(null);
  }

  private void begin(UpstreamSession begun, Voice.Conversation conversation, boolean resumed) {
    conversation.of(begun);
    session = begun;
    if (closing || Thread.currentThread().isInterrupted()) {
      disconnect(false);
      return;
    }
    var ended = begun.ended();
    if (ended.isPresent()) {
      on(new ConnectionEvent.AttemptFailed(ended.get()));
      return;
    }
    Era era = begun.server().era();
    Transport transport = parts.definition().get().transport();
    boolean fresh = !resumed && (transport == Transport.STDIO || era == Era.LEGACY);
    on(
        new ConnectionEvent.Connected(
            fresh,
            transport,
            era,
            Introductions.write(begun.server()),
            begun.stored().map(StoredSession::sessionId).orElse(null),
            begun.unsure().orElse(null)));
  }

  /// The end of an older conversation is of no interest to the one that has begun since.
  private void over(Voice.Conversation conversation, Trouble reason) {
    if (conversation.equals(current)) {
      parts.line().close();
      on(new ConnectionEvent.Broken(reason));
    }
  }

  private void missed() {
    parts.voice().heard();
    parts.duties().missed();
  }

  private void ping(long untilMillis) {
    long millis = Math.max(1, untilMillis - parts.clock().nowMillis().getAsLong());
    String method = connection().era() == Era.MODERN ? "server/discover" : "ping";
    inConversation(conversation -> {
      try {
        conversation.request(UpstreamRequest.of(method, RawObject.EMPTY, millis));
        on(new ConnectionEvent.Heard());
      } catch (RequestFailed e) {
        parts.log().info("the server " + name() + " did not answer a ping: " + e.getMessage());
      }
    });
  }

  private interface Work {
    void in(UpstreamSession conversation) throws InterruptedException;
  }

  private void inConversation(Work work) {
    UpstreamSession conversation = session;
    if (conversation == null) {
      return;
    }
    Thread.ofVirtual()
        .name("work-" + name())
        .start(() -> {
          try {
            work.in(conversation);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (RuntimeException e) {
            parts.log().warn("the conversation with " + name() + " broke", e);
            broken(
                conversation,
                new ConnectionEvent.Broken("an internal error; the daemon's log has it"));
          }
        });
  }

  private void replay(UpstreamSession conversation) throws InterruptedException {
    try {
      on(parts.duties().replay(conversation, connection()));
    } catch (UpstreamBroken e) {
      broken(conversation, e.trouble());
    }
  }

  private void catchUp(UpstreamSession conversation) throws InterruptedException {
    if (parts.duties().catchUp(conversation)) {
      on(new ConnectionEvent.Drained());
    }
  }

  /// Lets go of the conversation. What the server has in memory is not to be lost by a network that
  /// failed, so that a session of which the record says that all in it is as it was is left to the
  /// next attempt.
  ///
  /// @param byHand true when somebody has asked for a conversation that is new
  private void disconnect(boolean byHand) {
    parts.line().close();
    Thread attempt = connecting;
    if (attempt != null) {
      attempt.interrupt();
    }
    UpstreamSession conversation = session;
    session = null;
    if (conversation == null) {
      return;
    }
    boolean goesOn = leaving || (!closing && !byHand && isRemembered(conversation));
    var done = new CompletableFuture<@Nullable Void>();
    closed = done;
    Thread.ofVirtual()
        .name("closing-" + name())
        .start(() -> {
          try {
            if (goesOn) {
              conversation.leave();
            } else {
              conversation.close();
            }
          } finally {
            done.complete(null);
          }
        });
  }

  private boolean isRemembered(UpstreamSession conversation) {
    String id = connection().memory().session();
    return id != null
        && conversation.stored().filter(stored -> stored.sessionId().equals(id)).isPresent();
  }

  /// Lets go of the conversation without ending it where another process can go on with it.
  void leave() {
    leaving = true;
    close();
  }

  /// Ends the conversation; calls that wait stay in the ledger.
  @Override
  public void close() {
    closing = true;
    disconnect(false);
    on(new ConnectionEvent.Tick(false));
    closed.join();
  }
}
