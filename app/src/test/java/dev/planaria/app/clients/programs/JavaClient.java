package dev.planaria.app.clients.programs;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One of the clients, connected.
public interface JavaClient extends AutoCloseable {

  /// The names of the server's tools.
  List<String> tools();

  /// Calls a tool and waits for its answer.
  ///
  /// @param meta travels as `_meta`
  /// @throws RuntimeException whatever the client throws when it has none
  Result call(String tool, Map<String, Object> arguments, Map<String, Object> meta);

  @Override
  void close();

  /// Connects a client.
  interface Connector {

    /// Connects.
    ///
    /// @param timeoutMillis how long a call may wait for its answer
    /// @param onLink is told on which link requests travel
    JavaClient connect(String url, String token, long timeoutMillis, OnLink onLink);
  }

  /// Is told on which link (`Mcp-Session-Id`) requests travel; null: on none yet.
  interface OnLink {
    void on(@Nullable String link);
  }

  /// What a tool answered.
  ///
  /// @param content its `structuredContent`, or an empty map
  /// @param texts its text items
  /// @param error whether it says that the call failed
  /// @param meta its `_meta`, or an empty map when the client does not show it
  /// @param text the whole, for people
  record Result(
      Map<?, ?> content, List<String> texts, boolean error, Map<?, ?> meta, String text) {}
}
