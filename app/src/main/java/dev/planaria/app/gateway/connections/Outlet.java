package dev.planaria.app.gateway.connections;

/// Takes messages for a client that come before, or besides, an answer. Best effort: a client whose
/// stream is broken misses them. Does not wait; thread-safe.
public interface Outlet {
  /// Nobody listens.
  Outlet NONE = _ -> false;

  /// Tells the client.
  ///
  /// @return false when there is nobody to be told
  boolean tell(Message message);
}
