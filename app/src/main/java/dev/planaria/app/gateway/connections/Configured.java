package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.upstreams.ServerEntry;
import java.util.Optional;

/// The servers that the operator's file names, for every session. Thread-safe.
public interface Configured {
  /// Nobody named any.
  Configured NONE = _ -> Optional.empty();

  /// The server of that name.
  Optional<Server> find(String server);

  /// A server that can be given to sessions.
  interface Server {
    /// Who shares a conversation with it.
    ServerEntry.Scope scope();

    /// The server for one session.
    ServerDefinition of(String session);
  }
}
