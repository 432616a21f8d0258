package dev.planaria.app.gateway.clients;

import dev.planaria.app.gateway.wire.Log;
import dev.planaria.app.gateway.wire.ProtocolVersion;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.session.Caller;
import dev.planaria.engine.session.OperationLookup;
import dev.planaria.engine.session.OutcomeUnknown;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.session.SessionSummary;
import dev.planaria.engine.session.StoreUnavailable;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryEntry;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// All links. They are memory entries of a session of the daemon's own, and so survive whatever a
/// session survives. Thread-safe.
final class Links {
  /// The session that holds them; no tool sees it.
  static final String SESSION = "planaria.links";

  /// What the links belong to: 32 random bytes in base64url.
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{43}");

  private static final String NAMESPACE = "links";
  private static final String SELF = "planaria";

  private final SessionEngine engine;
  private final LinkSettings settings;
  private final boolean durable;
  private final Set<String> openedHere = ConcurrentHashMap.newKeySet();
  private final LongSupplier nowMillis;
  private final Supplier<String> newSecret;
  private final Log log;
  private final SessionId session;

  /// @param durable false to know only what this process opened, which no product does
  /// @param newSecret fresh link ids of 256 random bits, base64url
  Links(
      SessionEngine engine,
      LinkSettings settings,
      boolean durable,
      LongSupplier nowMillis,
      Supplier<String> newSecret,
      Log log) {
    this.engine = engine;
    this.settings = settings;
    this.durable = durable;
    this.nowMillis = nowMillis;
    this.newSecret = newSecret;
    this.log = log;
    // Found without being loaded: should it be damaged, the worker starts all the same.
    this.session = engine.find(SESSION).map(SessionSummary::id).orElseGet(() -> create(engine));
  }

  private static SessionId create(SessionEngine engine) {
    return engine
        .openSession(SESSION, null, SwarmConfiguration.DEFAULT, new Caller(SELF, null))
        .state()
        .id();
  }

  /// What a client says of itself when it opens a link.
  ///
  /// @param version the revision that was agreed on
  /// @param client what it says of itself
  /// @param capabilities what it can do
  record Introduction(ProtocolVersion version, JsonObject client, JsonObject capabilities) {}

  /// Opens a link; it is on disk when this returns.
  ///
  /// @param operationId the same again gives the same link again; null: always another
  Link open(String principal, Introduction introduction, @Nullable String operationId) {
    makeRoom();
    long now = nowMillis.getAsLong();
    var link =
        new Link(
            newSecret.get(),
            principal,
            introduction.version(),
            introduction.client(),
            introduction.capabilities(),
            null,
            now,
            now);
    var caller = new Caller(SELF, operationId);
    try {
      engine.submit(session, store(link), caller);
      if (!durable) {
        openedHere.add(link.id());
      }
      return link;
    } catch (Refusal refusal) {
      if (refusal.code() != Refusal.Code.OPERATION_ID_REUSED) {
        throw refusal;
      }
      return opened(caller).orElseThrow(() -> refusal);
    }
  }

  /// The link that an earlier run of the same request opened.
  private Optional<Link> opened(Caller caller) {
    return engine.operation(session, caller) instanceof OperationLookup.Applied(var committed)
            && committed.operation() instanceof Operation.MemoryStored(var entry)
        ? read(entry)
        : Optional.empty();
  }

  /// The live link of that id, if it belongs to that principal; notes that it is used.
  Optional<Link> find(String id, String principal) {
    if (!FORM.matcher(id).matches() || !(durable || openedHere.contains(id))) {
      return Optional.empty();
    }
    MemoryEntry entry = engine.view(session).state().memory().get(key(id));
    long now = nowMillis.getAsLong();
    if (entry == null || entry.isExpiredAt(now)) {
      return Optional.empty();
    }
    Optional<Link> found = read(entry).filter(link -> link.principal().equals(principal));
    found
        .filter(link -> now - link.usedAtMillis() >= settings.touchMillis())
        .ifPresent(link -> touch(link.usedAt(now)));
    return found;
  }

  /// A disk that takes no writes ends no link.
  private void touch(Link link) {
    try {
      put(link);
    } catch (StoreUnavailable | OutcomeUnknown e) {
      log.warn("it could not be noted that a link is used", e);
    }
  }

  /// Ends a link: from now on it is unknown.
  void end(Link link) {
    engine.submit(session, new Command.DeleteMemory(key(link.id())), new Caller(SELF, null));
  }

  /// Replaces what is stored of a link.
  void put(Link link) {
    engine.submit(session, store(link), new Caller(SELF, null));
  }

  /// Beyond the bound the link that was idle longest goes, so that a client which opens one link
  /// after the other harms itself before others.
  private void makeRoom() {
    var entries = engine.view(session).state().memory();
    if (entries.size() < settings.links()) {
      return;
    }
    entries.values().stream()
        .flatMap(entry -> read(entry).stream())
        .min(Comparator.comparingLong(Link::usedAtMillis))
        .ifPresent(this::end);
  }

  private Command store(Link link) {
    return new Command.StoreMemory(
        key(link.id()), link.toJson(), settings.idleMillis() + settings.touchMillis(), null);
  }

  private static Optional<Link> read(MemoryEntry entry) {
    return entry.value() instanceof JsonObject stored
        ? Optional.of(Link.fromJson(entry.key().key(), stored))
        : Optional.empty();
  }

  private static MemoryKey key(String id) {
    return new MemoryKey(NAMESPACE, id);
  }
}
