package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.upstreams.ServerEntry;
import java.util.Optional;
import java.util.Set;

/// The servers that the operator's file names, for every session. Thread-safe.
public interface Configured {
  /// Nobody named any.
  Configured NONE =
      new Configured() {
        @Override
        public Optional<Server> find(String server) {
          return Optional.empty();
        }

        @Override
        public Set<String> names() {
          return Set.of();
        }
      };

  /// The server of that name.
  Optional<Server> find(String server);

  /// The names of all.
  Set<String> names();

  /// A server that can be given to sessions.
  interface Server {
    /// Who shares a conversation with it.
    ServerEntry.Scope scope();

    /// The server for one session.
    ServerDefinition of(String session);
  }
}
