package dev.planaria.app.gateway.wire;

import dev.planaria.engine.json.JsonObject;

/// One JSON-RPC 2.0 message that a client sent.
public sealed interface RpcMessage {
  /// Wants an answer under its id.
  record Request(RpcId id, String method, JsonObject params) implements RpcMessage {}

  /// Wants none.
  record Notification(String method, JsonObject params) implements RpcMessage {}

  /// Answers a request of ours. Since this server asks nothing of its clients, no response is ever
  /// awaited, and what it says does not matter.
  record Response(RpcId id) implements RpcMessage {}
}
