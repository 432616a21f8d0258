package dev.planaria.app.gateway.upstreams;

import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.app.gateway.wire.RpcId;
import java.util.Optional;

/// One living conversation with one server: a child process, or an HTTP session. Thread-safe; any
/// number of requests may wait at once.
public interface UpstreamSession extends AutoCloseable {
  /// Who the server says it is.
  ServerIntroduction server();

  /// Sends a request and waits for its answer.
  ///
  /// @throws UpstreamBroken when the connection failed under it
  /// @throws UpstreamTimeout when the answer did not come in time; the server was told that nobody
  ///   waits any more
  /// @throws UpstreamCancelled after [#cancel]
  /// @throws InterruptedException when the waiting thread was interrupted; as if cancelled
  RawAnswer request(UpstreamRequest request) throws RequestFailed, InterruptedException;

  /// Ends the wait for a request and tells the server, in the way of its era and transport, that
  /// nobody wants the answer. Nothing happens when it was answered already.
  ///
  /// @param reason for the server's log
  void cancel(UpstreamRequest request, String reason);

  /// Sends a notification.
  ///
  /// @throws UpstreamBroken when it could not be sent
  void send(String method, RawObject params) throws UpstreamBroken;

  /// Answers a request of the server.
  ///
  /// @param id the server's id
  /// @throws UpstreamBroken when it could not be sent
  void respond(RpcId id, RawAnswer answer) throws UpstreamBroken;

  /// Chooses what a modern server is asked to tell unasked (`subscriptions/listen`), in place of
  /// what was chosen before; at the beginning that is every list change which the server offers. A
  /// legacy server tells what it likes, and nothing happens.
  ///
  /// @param notifications `{"toolsListChanged", "resourceSubscriptions", ...}`
  /// @throws UpstreamBroken when it could not be sent
  void listen(RawObject notifications) throws UpstreamBroken;

  /// What another process needs to go on with this conversation; empty when it cannot.
  Optional<StoredSession> stored();

  /// The child process, to be ended by whoever comes after us; empty over HTTP.
  Optional<ProcessHandle> process();

  /// Why a server that was started just now may nevertheless know what another process of it has
  /// left, in a sentence, so that nothing may be replayed into it; empty when it knows nothing.
  default Optional<String> unsure() {
    return Optional.empty();
  }

  /// What the server did wrong so far without harm.
  Oddities oddities();

  /// Why the conversation is over; empty while it goes on.
  Optional<Trouble> ended();

  /// Lets go of the conversation without ending it, so that another process can go on with what
  /// [#stored] says; where that is nothing, as [#close].
  void leave();

  /// Ends the conversation in order, and by force where order does not help. Requests that wait are
  /// told [Trouble.Closed]. Waits until nothing is left; does nothing the second time.
  @Override
  void close();
}
