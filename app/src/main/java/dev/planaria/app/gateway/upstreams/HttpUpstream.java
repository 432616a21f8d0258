package dev.planaria.app.gateway.upstreams;

import dev.planaria.app.gateway.wire.Log;
import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.engine.state.Era;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A server that is reached over HTTP, in whatever revision it speaks: a modern request is tried
/// first, then `initialize`, then the stream of 2024-11-05; for a client that can be asked
/// something, `initialize` comes first of all. What it speaks is remembered. A refusal for lack of
/// credentials, a failure of the server and silence say nothing about its era. Thread-safe.
///
/// Over HTTP a request may fail while the conversation goes on; [UpstreamSession#ended] tells.
public final class HttpUpstream implements Upstream {
  /// What servers answer to a message of an era that they do not speak.
  private static final Set<Integer> NOT_THIS_ERA = Set.of(400, 404, 405, 406, 415, 422);

  private final RemoteServer server;
  private final Environment environment;
  private final HttpExchanges http;
  private final String key;
  private final String askingKey;

  /// What conversations get from their surroundings.
  ///
  /// @param client carries any number of upstreams; see [#client]
  /// @param pinned the era that the operator says the server speaks; null to find out
  public record Environment(
      HttpClient client, HttpSettings settings, Eras eras, @Nullable Era pinned, Log log) {}

  /// @param server where it listens
  public HttpUpstream(RemoteServer server, Environment environment) {
    this.server = server;
    this.environment = environment;
    this.http = new HttpExchanges(environment.client, server, environment.settings);
    this.key = Eras.key(List.of(server.url().toString()));
    this.askingKey = Eras.key(List.of(server.url().toString(), Eras.ASKING));
  }

  /// A client to be shared by all upstreams: it costs a thread, and pools connections by origin.
  public static HttpClient client(HttpSettings settings) {
    return HttpExchanges.client(settings);
  }

  @Override
  public UpstreamSession connect(ClientIntroduction client, UpstreamEvents events)
      throws ConnectFailed, InterruptedException {
    var setup = setup(client, events);
    if (server.oldTransport()) {
      return oldSse(setup);
    }
    if (environment.pinned != null
        || !client.canBeAsked()
        || environment.eras.find(askingKey).equals(Optional.of(Era.MODERN))) {
      return found(setup);
    }
    Optional<UpstreamSession> asking = asking(setup);
    UpstreamSession session = asking.isPresent() ? asking.get() : found(setup);
    environment.eras.save(askingKey, session.server().era());
    return session;
  }

  /// In the era in which the server can ask its client; empty when it does not speak that one.
  private Optional<UpstreamSession> asking(Session.Setup setup)
      throws ConnectFailed, InterruptedException {
    try {
      return streamableLegacy(setup);
    } catch (ConnectFailed e) {
      return switch (e.trouble()) {
        case Trouble.UnexpectedStatus(int status) when NOT_THIS_ERA.contains(status) ->
            Optional.empty();
        case Trouble.VersionRefused _, Trouble.HandshakeRefused _ -> Optional.empty();
        default -> throw e;
      };
    }
  }

  /// In the newer of the eras that it speaks.
  private UpstreamSession found(Session.Setup setup) throws ConnectFailed, InterruptedException {
    Era known =
        environment.pinned != null
            ? environment.pinned
            : environment.eras.isOld(key) ? null : environment.eras.find(key).orElse(null);
    if (known != Era.LEGACY) {
      Optional<UpstreamSession> modern = modern(setup);
      if (modern.isPresent()) {
        found(Era.MODERN);
        return modern.get();
      }
    }
    UpstreamSession legacy = legacy(setup);
    found(Era.LEGACY);
    return legacy;
  }

  private Session.Setup setup(ClientIntroduction client, UpstreamEvents events) {
    return new Session.Setup(client, events, environment.settings.message(), environment.log);
  }

  /// Empty when the server does not understand, and may be legacy.
  private Optional<UpstreamSession> modern(Session.Setup setup)
      throws ConnectFailed, InterruptedException {
    return begun(
        new Session(setup, inbound -> new ModernWire(http, environment.settings, inbound)),
        session -> {
          try {
            var found = Handshake.discover(session, environment.settings.handshakeMillis());
            boolean legacy =
                found instanceof Handshake.Discovery.Legacy && environment.pinned == null;
            if (!legacy) {
              Handshake.requireModern(found);
            }
            return !legacy;
          } catch (ConnectFailed e) {
            boolean otherEra =
                e.trouble() instanceof Trouble.UnexpectedStatus(int status)
                    && NOT_THIS_ERA.contains(status);
            if (otherEra && environment.pinned == null) {
              return false;
            }
            throw e;
          }
        });
  }

  private UpstreamSession legacy(Session.Setup setup) throws ConnectFailed, InterruptedException {
    try {
      return streamableLegacy(setup).orElseThrow();
    } catch (ConnectFailed e) {
      if (e.trouble() instanceof Trouble.UnexpectedStatus(int status)
          && NOT_THIS_ERA.contains(status)) {
        return oldSse(setup);
      }
      throw e;
    }
  }

  private Optional<UpstreamSession> streamableLegacy(Session.Setup setup)
      throws ConnectFailed, InterruptedException {
    return begun(
        streamable(setup, null),
        session -> {
          Handshake.initialize(session, environment.settings.handshakeMillis());
          return true;
        });
  }

  private Session streamable(Session.Setup setup, @Nullable String sessionId) {
    return new Session(
        setup, inbound -> new StreamableWire(http, environment.settings, inbound, sessionId));
  }

  private UpstreamSession oldSse(Session.Setup setup) throws ConnectFailed, InterruptedException {
    var session =
        new Session(setup, inbound -> new OldSseWire(http, environment.settings, inbound));
    return begun(
            session,
            fresh -> {
              Handshake.initialize(fresh, environment.settings.handshakeMillis());
              return true;
            })
        .orElseThrow();
  }

  /// What the operator says is true of this entry alone; another one may have found out something
  /// else.
  private void found(Era era) {
    if (environment.pinned == null) {
      environment.eras.save(key, era);
    }
  }

  @Override
  public UpstreamSession resume(
      StoredSession stored, ClientIntroduction client, UpstreamEvents events)
      throws ConnectFailed, InterruptedException {
    if (stored.server().era() != Era.LEGACY || server.oldTransport()) {
      throw new ConnectFailed(new Trouble.SessionLost(0));
    }
    Session session = streamable(setup(client, events), stored.sessionId());
    boolean alive = false;
    try {
      session.introduced(stored.server());
      var ping =
          UpstreamRequest.of("ping", RawObject.EMPTY, environment.settings.handshakeMillis());
      var _ = Handshake.ask(session, ping); // an error is an answer too
      session.subscribe();
      alive = true;
      return session;
    } finally {
      if (!alive) {
        session.leave();
      }
    }
  }

  /// How a conversation begins; false when it does not.
  private interface Beginning {
    boolean with(Session session) throws ConnectFailed, InterruptedException;
  }

  private static Optional<UpstreamSession> begun(Session session, Beginning beginning)
      throws ConnectFailed, InterruptedException {
    boolean begun = false;
    try {
      session.begin();
      begun = beginning.with(session);
      if (begun) {
        session.subscribe();
        return Optional.of(session);
      }
      return Optional.empty();
    } finally {
      if (!begun) {
        session.close();
      }
    }
  }
}
