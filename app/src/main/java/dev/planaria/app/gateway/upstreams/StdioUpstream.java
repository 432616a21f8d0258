package dev.planaria.app.gateway.upstreams;

import dev.planaria.app.gateway.wire.Log;
import dev.planaria.engine.state.Era;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A server that is started as a child and speaks over its pipes. Each conversation has a child of
/// its own. Thread-safe.
///
/// Which era a command speaks is asked of a throw-away sibling, since some servers exit at the
/// first message that they do not know; the verdict is kept. The sibling has ended before the real
/// child starts: two processes of one server may share files. Only a legacy verdict that has grown
/// old is renewed beside the real child, which starts at once.
///
/// For a client that can be asked something, legacy is tried first, on the real child: a server
/// that speaks both eras can ask such a client in that one alone.
public final class StdioUpstream implements Upstream {
  private final StdioCommand command;
  private final Preparation preparation;
  private final Environment environment;
  private final String key;
  private final String askingKey;
  private final AtomicBoolean renewing = new AtomicBoolean();

  /// What children get from their surroundings.
  ///
  /// @param inherited our own environment variables, of which little is passed on
  /// @param eras what is known of the eras of commands
  /// @param errors makes the sink for one child's standard error
  /// @param pinned the era that the operator says the server speaks; null to find out
  public record Environment(
      StdioSettings settings,
      Map<String, String> inherited,
      Eras eras,
      @Nullable Era pinned,
      Supplier<ErrorSink> errors,
      Log log) {}

  /// @param command what to start, as it is
  public StdioUpstream(StdioCommand command, Environment environment) {
    this(command, Preparation.NONE, environment);
  }

  /// @param command what to start
  /// @param preparation what is done before each start
  public StdioUpstream(StdioCommand command, Preparation preparation, Environment environment) {
    this.command = command;
    this.preparation = preparation;
    this.environment = environment;
    var parts = new ArrayList<>(command.argv());
    parts.add(String.valueOf(command.directory()));
    this.key = Eras.key(parts);
    parts.add(Eras.ASKING);
    this.askingKey = Eras.key(parts);
  }

  @Override
  public UpstreamSession connect(ClientIntroduction client, UpstreamEvents events)
      throws ConnectFailed, InterruptedException {
    var setup = setup(client, events);
    Era pinned = environment.pinned;
    if (pinned != null) {
      return open(setup, pinned);
    }
    if (!client.canBeAsked() || environment.eras.find(askingKey).equals(Optional.of(Era.MODERN))) {
      return found(setup);
    }
    try {
      return decide(setup, askingKey, Era.LEGACY);
    } catch (ConnectFailed e) {
      if (!isRefused(e)) {
        throw e;
      }
      UpstreamSession session = found(setup);
      environment.eras.save(askingKey, session.server().era());
      return session;
    }
  }

  /// In the newer of the eras that it speaks.
  private UpstreamSession found(Session.Setup setup) throws ConnectFailed, InterruptedException {
    ClientIntroduction client = setup.client();
    Optional<Era> known = environment.eras.find(key);
    if (known.isEmpty()) {
      return decide(setup, key, probe(client));
    }
    if (environment.eras.isOld(key) && renewing.compareAndSet(false, true)) {
      Thread.ofVirtual().start(() -> renew(client));
    }
    try {
      return open(setup, known.get());
    } catch (ConnectFailed e) {
      if (isRefused(e)) {
        environment.eras.forget(key);
        return decide(setup, key, probe(client));
      }
      throw e;
    }
  }

  /// A verdict counts when a conversation has begun with it: a command that is simply broken ends
  /// under the question too.
  private UpstreamSession decide(Session.Setup setup, String verdict, Era era)
      throws ConnectFailed, InterruptedException {
    UpstreamSession session = open(setup, era);
    environment.eras.save(verdict, era);
    return session;
  }

  private static boolean isRefused(ConnectFailed failure) {
    return failure.trouble() instanceof Trouble.VersionRefused
        || failure.trouble() instanceof Trouble.HandshakeRefused;
  }

  private void renew(ClientIntroduction client) {
    try {
      environment.eras.save(key, probe(client));
    } catch (ConnectFailed e) {
      environment.log.warn("a server could not be asked anew what it speaks", e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    } finally {
      renewing.set(false);
    }
  }

  private Session.Setup setup(ClientIntroduction client, UpstreamEvents events) {
    return new Session.Setup(client, events, environment.settings.message(), environment.log);
  }

  private Session start(Session.Setup setup) throws ConnectFailed, InterruptedException {
    Child child = Child.start(command, environment.inherited, preparation);
    var pipes = new PipeWire.Setup(environment.settings, environment.errors.get(), environment.log);
    var session = new Session(setup, inbound -> new PipeWire(child, pipes, inbound));
    session.begin();
    return session;
  }

  private UpstreamSession open(Session.Setup setup, Era era)
      throws ConnectFailed, InterruptedException {
    Session session = start(setup);
    boolean begun = false;
    try {
      long millis = environment.settings.handshakeMillis();
      switch (era) {
        case LEGACY -> Handshake.initialize(session, millis);
        case MODERN -> Handshake.requireModern(Handshake.discover(session, millis));
      }
      session.subscribe();
      begun = true;
      return session;
    } finally {
      if (!begun) {
        session.close();
      }
    }
  }

  /// Asks a sibling. An answer that is not modern, silence and an exit all mean legacy.
  private Era probe(ClientIntroduction client) throws ConnectFailed, InterruptedException {
    try (Session sibling = start(setup(client, new Unheard()))) {
      return Handshake.discover(sibling, environment.settings.probeMillis())
              instanceof Handshake.Discovery.Legacy
          ? Era.LEGACY
          : Era.MODERN;
    } catch (ConnectFailed e) {
      if (e.trouble() instanceof Trouble.StartFailed) {
        throw e;
      }
      return Era.LEGACY;
    }
  }
}
