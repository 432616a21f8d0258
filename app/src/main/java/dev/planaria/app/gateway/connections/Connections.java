package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.replay.RunStudy;
import dev.planaria.app.gateway.upstreams.RawAnswer;
import dev.planaria.app.gateway.upstreams.ServerEntry;
import dev.planaria.app.gateway.wire.Address;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.app.gateway.wire.RpcError;
import dev.planaria.app.traces.Traces;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.session.Caller;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.session.SessionSummary;
import dev.planaria.engine.state.Connection;
import dev.planaria.engine.state.Era;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// All connections to the servers behind Planaria: those that the operator's file names, for every
/// session, and those that somebody with the operator's token brought for one session. A connection
/// begins when it is first used. Thread-safe.
public final class Connections implements AutoCloseable {
  /// The session whose connections all sessions share; no tool sees it.
  static final String SHARED = "planaria.shared";

  private static final String DEFAULT_SESSION = "default";
  private static final String SELF = "planaria";

  private final SessionEngine engine;
  private final SessionNames sessions;
  private final Recordings recordings;
  private final Relay.Shared shared;
  private final Terms terms;
  private final Configured configured;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition brought = lock.newCondition();
  private final Map<Key, ServerDefinition> definitions = new ConcurrentHashMap<>();
  private final Map<Key, Relay> relays = new ConcurrentHashMap<>();
  private boolean closed;
  private final Holders<Key> holders = new Holders<>();

  private record Key(SessionId session, String server) {}

  /// The numbers.
  ///
  /// @param settings of clients' requests
  /// @param connections of the state machine
  /// @param bringMillis how long a request for a server that a session knows, and that nobody has
  ///   brought to this worker yet, waits for that: whoever wraps it does so again right after a
  ///   worker's death
  public record Terms(RelaySettings settings, ConnectionSettings connections, long bringMillis) {
    /// What holds unless the operator says otherwise.
    public static final Terms DEFAULT =
        new Terms(RelaySettings.DEFAULT, ConnectionSettings.DEFAULT, 10_000);
  }

  /// What connections take from the outside world.
  ///
  /// @param newId ids that nobody can guess
  /// @param configured servers that the operator's file names
  /// @param downSinceMillis when the worker before this one was alive last, Unix time
  /// @param version of this program
  /// @param traces take a span of each request
  public record Surroundings(
      Clock clock,
      Supplier<String> newId,
      Configured configured,
      long downSinceMillis,
      String version,
      Traces traces,
      Log log) {}

  /// @param engine holds the sessions
  /// @param sessions those that callers may name
  public Connections(
      SessionEngine engine, SessionNames sessions, Terms terms, Surroundings surroundings) {
    this.engine = engine;
    this.sessions = sessions;
    this.terms = terms;
    this.configured = surroundings.configured();
    this.recordings =
        new Recordings(RunStudy.Limits.DEFAULT, surroundings.clock(), surroundings.newId());
    this.shared =
        new Relay.Shared(
            terms.settings(),
            terms.connections(),
            surroundings.clock(),
            surroundings.newId(),
            surroundings.downSinceMillis(),
            surroundings.version(),
            recordings,
            surroundings.traces(),
            surroundings.log());
  }

  /// What is recorded of them, for proposals of profiles.
  public Recordings recordings() {
    return recordings;
  }

  /// The session to which the connection belongs that another session uses under that name: itself,
  /// or the one of which all share the connections.
  ///
  /// @param session by id
  /// @return empty when the session knows no such server
  public Optional<SessionId> home(SessionId session, String server) {
    var own = new Key(session, server);
    if (definitions.containsKey(own)) {
      return Optional.of(session);
    }
    Optional<Configured.Server> everybodys = configured.find(server);
    if (everybodys.isPresent() && everybodys.get().scope() == ServerEntry.Scope.SHARED) {
      return Optional.of(shared());
    }
    return everybodys.isPresent() || isKnown(own) ? Optional.of(session) : Optional.empty();
  }

  /// Who holds a server in a session.
  ///
  /// @param name of the holder
  /// @param leaseMillis after so long without being brought again it counts as gone
  public record Holder(String name, long leaseMillis) {}

  /// Brings a server to a session, in place of what was brought under that name before. A living
  /// conversation goes on when it is the same server; what is new of it counts for the next one.
  ///
  /// @param session by name or id; begun when there is none
  /// @param holder who needs it; null: it stays until it is released
  /// @param principal who brings it
  /// @throws Refusal when the session cannot be begun, or takes no more servers
  /// @throws FieldException when its name cannot be a session's
  public void bring(
      String session, String principal, ServerDefinition definition, @Nullable Holder holder) {
    var key = new Key(sessions.open().apply(session, principal), definition.name());
    record(key, definition);
    Relay old = null;
    lock.lock();
    try {
      ServerDefinition before = definitions.put(key, definition);
      Relay present = relays.get(key);
      if (present != null) {
        if (before != null && before.identity().equals(definition.identity())) {
          present.redefine(definition);
        } else {
          old = relays.remove(key);
        }
      }
      holders.hold(key, holder, shared.clock().nowMillis().getAsLong());
      brought.signalAll();
    } finally {
      lock.unlock();
    }
    if (old != null) {
      old.close();
    }
  }

  /// Makes a server part of its session before anything is asked of it.
  ///
  /// @throws Refusal when the session takes no more
  private Ledger record(Key key, ServerDefinition definition) {
    var ledger = new Ledger(engine, key.session(), key.server());
    if (ledger.connection().isEmpty()) {
      long now = shared.clock().nowMillis().getAsLong();
      ledger.put(Connection.of(key.server(), definition.transport(), Era.LEGACY, now));
    }
    return ledger;
  }

  /// Lets go of a server that was brought. When nobody holds it any more its conversation ends; its
  /// record stays.
  ///
  /// @param holder whose hold ends; null for everybody's
  /// @return false when there was none
  public boolean release(String session, String server, @Nullable String holder) {
    Optional<Key> key = sessions.find().apply(session).map(found -> new Key(found, server));
    if (key.isEmpty() || !definitions.containsKey(key.get())) {
      return false;
    }
    if (holders.letGo(key.get(), holder)) {
      drop(key.get());
    }
    return true;
  }

  private void drop(Key key) {
    Relay gone;
    lock.lock();
    try {
      definitions.remove(key);
      gone = relays.remove(key);
    } finally {
      lock.unlock();
    }
    if (gone != null) {
      gone.close();
    }
  }

  /// Lets go of servers whose holders were not heard of for as long as they had agreed to.
  public void runOnce() {
    holders.expired(shared.clock().nowMillis().getAsLong()).forEach(this::drop);
  }

  /// The server that an address names. A session comes into being with the first use of a server
  /// that every session has, never by a name alone.
  ///
  /// @param principal who asks
  /// @throws RpcError when there is none
  public Relay relay(Address address, String principal) {
    String server = address.server();
    if (server == null) {
      throw new IllegalArgumentException("the address names no server");
    }
    String reference = address.session() == null ? DEFAULT_SESSION : address.session();
    Key key = key(reference, server, principal);
    Relay present = relays.get(key);
    return present != null ? present : begin(key);
  }

  /// The servers of an address that names none: those of the operator's file, and those that
  /// somebody has brought to its session.
  ///
  /// @return their names, sorted
  public List<String> servers(Address address) {
    var names = new TreeSet<>(configured.names());
    String reference = address.session() == null ? DEFAULT_SESSION : address.session();
    sessions
        .find()
        .apply(reference)
        .ifPresent(session ->
            definitions.keySet().stream()
                .filter(key -> key.session().equals(session))
                .forEach(key -> names.add(key.server())));
    return List.copyOf(names);
  }

  /// Passes on a client's answer to something that one of the servers had asked.
  public void respond(String id, RawAnswer answer) {
    if (all().stream().noneMatch(relay -> relay.respond(id, answer))) {
      shared.log().info("an answer came for which no server waits any more");
    }
  }

  /// True when a call's arguments hold something that the operator wants written nowhere. Of a
  /// server that nobody has brought to this worker yet nothing is known.
  public boolean isSensitive(Address address, RawObject params) {
    String server = address.server();
    if (server == null) {
      return false;
    }
    String reference = address.session() == null ? DEFAULT_SESSION : address.session();
    Optional<Key> key =
        sessions
            .find()
            .apply(reference)
            .flatMap(own -> home(own, server))
            .map(home -> new Key(home, server));
    Relay present = key.map(relays::get).orElse(null);
    if (present != null) {
      return present.isSensitive(params);
    }
    String tool = params.text("name");
    return tool != null
        && key.flatMap(this::definition)
            .or(() -> configured.find(server).map(found -> found.of(reference)))
            .filter(found -> found.profile().isSensitive(tool, Rewriting.text(params)))
            .isPresent();
  }

  private Key key(String reference, String server, String principal) {
    Optional<Key> own = sessions.find().apply(reference).map(found -> new Key(found, server));
    if (own.isPresent() && definitions.containsKey(own.get())) {
      return own.get();
    }
    Optional<Configured.Server> everybodys = configured.find(server);
    if (everybodys.isEmpty()) {
      return own.filter(this::isKnown).orElseThrow(() -> noSuchServer(server));
    }
    if (everybodys.get().scope() == ServerEntry.Scope.SHARED) {
      return new Key(shared(), server);
    }
    return own.orElseGet(() -> new Key(begun(reference, principal), server));
  }

  private SessionId begun(String reference, String principal) {
    try {
      return sessions.open().apply(reference, principal);
    } catch (FieldException | Refusal e) {
      throw RpcError.invalidParams("the session in the address: " + e.getMessage());
    }
  }

  /// A shared conversation belongs to no session of a client.
  private SessionId shared() {
    return engine
        .find(SHARED)
        .map(SessionSummary::id)
        .orElseGet(() ->
            engine
                .openSession(SHARED, null, SwarmConfiguration.DEFAULT, new Caller(SELF, null))
                .state()
                .id());
  }

  private static RpcError noSuchServer(String server) {
    return RpcError.invalidParams(
        "the session has no server "
            + RpcError.shortened(server)
            + "; planaria upstreams lists them, and planaria wrap or the file given to planaria up"
            + " --config brings one");
  }

  private Relay begin(Key key) {
    lock.lock();
    try {
      ServerDefinition definition = awaitDefinition(key);
      if (closed) {
        throw new RpcError(RpcError.INTERNAL, 503, "the daemon ends", null);
      }
      Ledger ledger = record(key, definition);
      return relays.computeIfAbsent(key, _ -> new Relay(definition, ledger, shared));
    } catch (Refusal e) {
      throw RpcError.invalidParams(String.valueOf(e.getMessage()));
    } finally {
      lock.unlock();
    }
  }

  private ServerDefinition awaitDefinition(Key key) {
    long nanos = isKnown(key) ? TimeUnit.MILLISECONDS.toNanos(terms.bringMillis()) : 0;
    while (true) {
      Optional<ServerDefinition> found = definition(key);
      if (found.isPresent()) {
        return found.get();
      }
      try {
        if (nanos <= 0) {
          throw noSuchServer(key.server());
        }
        nanos = brought.awaitNanos(nanos);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw RpcError.internal();
      }
    }
  }

  private Optional<ServerDefinition> definition(Key key) {
    ServerDefinition own = definitions.get(key);
    return own != null
        ? Optional.of(own)
        : configured.find(key.server()).map(found -> found.of(key.session().toString()));
  }

  private boolean isKnown(Key key) {
    return engine.view(key.session()).state().connections().containsKey(key.server());
  }

  /// The operator's file says something else of these servers: their conversations end, and begin
  /// as it says now when they are used next.
  public void changed(Set<String> servers) {
    List<Relay> ending = new ArrayList<>();
    lock.lock();
    try {
      for (Key key : List.copyOf(relays.keySet())) {
        if (servers.contains(key.server()) && !definitions.containsKey(key)) {
          Relay gone = relays.remove(key);
          if (gone != null) {
            ending.add(gone);
          }
        }
      }
      brought.signalAll();
    } finally {
      lock.unlock();
    }
    ending.forEach(Relay::close);
  }

  /// What the operator says now of a server that a session uses.
  public Optional<ServerDefinition> definition(SessionId session, String server) {
    return definition(new Key(session, server));
  }

  /// The relays that exist now.
  public List<Relay> all() {
    return List.copyOf(relays.values());
  }

  /// The relay of that session and server, if it exists now.
  public @Nullable Relay present(SessionId session, String server) {
    return relays.get(new Key(session, server));
  }

  /// Ends the streams of everybody who listens: the process ends.
  public void endListening() {
    all().forEach(Relay::endListening);
  }

  /// Ends all conversations, at once; what waits stays in the ledger.
  @Override
  public void close() {
    List<Relay> ending;
    lock.lock();
    try {
      closed = true;
      ending = all();
      relays.clear();
    } finally {
      lock.unlock();
    }
    List<Thread> threads =
        ending.stream().map(relay -> Thread.startVirtualThread(relay::leave)).toList();
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
