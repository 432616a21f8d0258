package dev.planaria.app.gateway.upstreams;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How the messages of one conversation travel. Thread-safe.
interface Wire {
  /// Where a wire leaves what it receives.
  interface Inbound {
    /// A message, or what should have been one.
    ///
    /// @param during the request on whose stream it came, or null
    void receive(byte[] message, @Nullable Pending during);

    /// The server did something odd that is counted and forgotten.
    void noise();

    /// A message that is too long to be held.
    ///
    /// @param answered the id of the request that it answers; null when it could not be found
    void tooLong(@Nullable Long answered, Trouble.MessageTooLong trouble);

    /// Messages may have been lost.
    void missed();

    /// Nothing will come any more.
    void broken(Trouble trouble);
  }

  /// Begins to receive.
  void start();

  /// Sends a request; its outcome comes through [Inbound#receive] or [Pending#fail].
  void request(Pending pending, byte[] message);

  /// Sends a notification or an answer.
  ///
  /// @throws UpstreamBroken when it could not be sent
  void send(byte[] message) throws UpstreamBroken;

  /// Nobody waits for that request any more.
  ///
  /// @param cancellation the message that says so, where the wire has no better way
  void abandon(Pending pending, byte[] cancellation);

  /// Hears how the server introduced itself, before anything else is sent.
  void introduced(ServerIntroduction server);

  /// The conversation has begun: what comes unasked may be followed.
  default void opened() {}

  /// See [UpstreamSession#stored].
  default Optional<String> sessionId() {
    return Optional.empty();
  }

  /// See [UpstreamSession#process].
  default Optional<ProcessHandle> process() {
    return Optional.empty();
  }

  /// See [UpstreamSession#unsure].
  default Optional<String> unsure() {
    return Optional.empty();
  }

  /// Ends everything and waits until nothing is left.
  void close();

  /// As [#close], but what another process can go on with is left as it is.
  default void leave() {
    close();
  }
}
