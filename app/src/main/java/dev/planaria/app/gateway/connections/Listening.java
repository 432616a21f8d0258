package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.upstreams.RawAnswer;
import dev.planaria.app.gateway.upstreams.UpstreamBroken;
import dev.planaria.app.gateway.upstreams.UpstreamSession;
import dev.planaria.engine.state.CallId;
import dev.planaria.engine.state.Era;
import java.util.List;
import java.util.Set;

/// Streams of modern clients, which name what they want to hear of for as long as they last. The
/// server is told when the first one wants to hear of a resource, and when no one does any more.
/// Thread-safe.
final class Listening {
  private final Voice voice;
  private final Subscriptions subscriptions;
  private final Line line;
  private final Passing passing;
  private final Driver driver;
  private volatile boolean ending;

  /// Passes a request on to the server.
  interface Passing {
    RawAnswer pass(Ask ask) throws InterruptedException;
  }

  Listening(Voice voice, Subscriptions subscriptions, Line line, Passing passing, Driver driver) {
    this.voice = voice;
    this.subscriptions = subscriptions;
    this.line = line;
    this.passing = passing;
    this.driver = driver;
  }

  private boolean isLegacy() {
    return driver.connection().era() == Era.LEGACY;
  }

  /// A stream begins.
  Mailbox begin(Set<String> resources) {
    Mailbox mailbox =
        voice.listen(
            false, () -> Thread.ofVirtual().name("unlisten").start(() -> stopped(resources)));
    List<String> fresh = subscriptions.listening(resources);
    if (isLegacy()) {
      fresh.forEach(uri -> tell("resources/subscribe", uri));
    } else if (!fresh.isEmpty()) {
      again();
    }
    return mailbox;
  }

  private void stopped(Set<String> resources) {
    List<String> unwanted = subscriptions.listened(resources);
    if (ending || unwanted.isEmpty()) {
      return; // what ends with the process is not told
    }
    if (!isLegacy()) {
      again();
    } else if (line.present() != null) {
      unwanted.forEach(uri -> tell("resources/unsubscribe", uri));
    }
  }

  private void tell(String method, String uri) {
    var id = new CallId("planaria", method + " " + uri);
    try {
      passing.pass(new Ask(id, method, Voice.uri(uri), Era.LEGACY, Outlet.NONE));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Tells a modern server anew what it is to tell.
  void again() {
    UpstreamSession session = line.present();
    if (session != null) {
      try {
        session.listen(subscriptions.wanted());
      } catch (UpstreamBroken e) {
        driver.broken(session, e.trouble());
      }
    }
  }

  /// Ends every stream: the process, or the use of the server, ends.
  void end() {
    ending = true;
    voice.close();
  }
}
