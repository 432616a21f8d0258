package dev.planaria.app.gateway.clients;

import dev.planaria.app.gateway.connections.Outlet;
import org.jspecify.annotations.Nullable;

/// A request that is fit to be run. May be run again by another process, under the same operation
/// id.
interface Job {

  /// For whom and how a request is run.
  ///
  /// @param link the legacy client's link, or null
  /// @param principal who asks
  /// @param fallbackOperationId the operation id when the caller gave none, or null
  /// @param outlet takes what the client is told before the answer
  record Context(
      @Nullable Link link, String principal, @Nullable String fallbackOperationId, Outlet outlet) {

    /// Who is told of something once: a link or a principal.
    String audience() {
      return link == null ? principal : link.id();
    }
  }

  /// Runs to the end.
  ///
  /// @return the answer, a JSON-RPC message
  /// @throws dev.planaria.app.gateway.wire.RpcError when the answer is an error
  byte[] run(Context context);

  /// True when the request holds something that is written nowhere: then no other process can run
  /// it.
  default boolean isSensitive() {
    return false;
  }
}
