package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.upstreams.Trouble;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.state.Era;
import dev.planaria.engine.state.Transport;
import org.jspecify.annotations.Nullable;

/// What happens to a connection.
public sealed interface ConnectionEvent {

  /// Time has passed.
  ///
  /// @param busy true while a call runs on it
  record Tick(boolean busy) implements ConnectionEvent {}

  /// The server said something: an answer of any kind, an error too, or a notification.
  record Heard() implements ConnectionEvent {}

  /// An attempt succeeded: the server has introduced itself.
  ///
  /// @param fresh true when what the server knew in memory is gone: a new process, or a new session
  ///   of its own
  /// @param session what an HTTP server calls its session, or null
  /// @param unsure why a new process may nevertheless know what another one has left, in a
  ///   sentence, or null
  record Connected(
      boolean fresh,
      Transport transport,
      Era era,
      JsonObject capabilities,
      @Nullable String session,
      @Nullable String unsure)
      implements ConnectionEvent {
    /// One of which everything is sure.
    Connected(
        boolean fresh,
        Transport transport,
        Era era,
        JsonObject capabilities,
        @Nullable String session) {
      this(fresh, transport, era, capabilities, session, null);
    }
  }

  /// An attempt failed.
  ///
  /// @param reason in a sentence
  /// @param retryAfterMillis how long the server asks to be left alone; 0 when it does not
  record AttemptFailed(String reason, long retryAfterMillis) implements ConnectionEvent {
    AttemptFailed(String reason) {
      this(reason, 0);
    }

    AttemptFailed(Trouble trouble) {
      this(trouble.sentence(), trouble.retryAfterMillis().orElse(0));
    }
  }

  /// What was connected is so no more: its process ended, its pipe was closed, the connection was
  /// refused or broken. Idleness is no break.
  ///
  /// @param reason in a sentence
  /// @param retryAfterMillis how long the server asks to be left alone; 0 when it does not
  record Broken(String reason, long retryAfterMillis) implements ConnectionEvent {
    Broken(String reason) {
      this(reason, 0);
    }

    Broken(Trouble trouble) {
      this(trouble.sentence(), trouble.retryAfterMillis().orElse(0));
    }
  }

  /// The replay of its state has ended, or there is nothing to replay.
  ///
  /// @param rebuilt true when the server knows again whatever it knew before
  /// @param bindings ids that clients know to those that the same things have now
  /// @param incomplete why it was not rebuilt this time, in a sentence, or null
  record Replayed(boolean rebuilt, JsonObject bindings, @Nullable String incomplete)
      implements ConnectionEvent {}

  /// Whatever had waited was sent.
  record Drained() implements ConnectionEvent {}

  /// A call waits for it.
  record CallWaiting() implements ConnectionEvent {}

  /// A person wants it to be connected anew, now.
  record ReconnectAsked() implements ConnectionEvent {}
}
