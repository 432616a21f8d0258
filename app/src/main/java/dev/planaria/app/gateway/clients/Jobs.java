package dev.planaria.app.gateway.clients;

import dev.planaria.app.gateway.wire.Address;
import dev.planaria.app.gateway.wire.Rpc;
import dev.planaria.app.gateway.wire.RpcMessage;

/// Turns requests into jobs: calls of Planaria's own tools, or requests for a server behind it.
/// Thread-safe.
final class Jobs {
  private final ToolCalls tools;
  private final RelayedRequests relayed;

  Jobs(ToolCalls tools, RelayedRequests relayed) {
    this.tools = tools;
    this.relayed = relayed;
  }

  /// Looks whether a request can be run, without running it.
  ///
  /// @param body the request as it came
  /// @throws dev.planaria.app.gateway.wire.RpcError when it cannot
  Job prepare(RpcMessage.Request request, byte[] body, Address address) {
    if (address.server() != null) {
      return relayed.prepare(request, body, address);
    }
    ToolCalls.Prepared prepared = tools.prepare(request);
    return context -> {
      var called =
          new ToolCalls.Context(
              context.audience(),
              context.principal(),
              address.session(),
              context.fallbackOperationId());
      return Rpc.bytes(Rpc.result(request.id(), tools.run(prepared, called)));
    };
  }
}
