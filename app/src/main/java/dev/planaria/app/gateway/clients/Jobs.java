package dev.planaria.app.gateway.clients;

import dev.planaria.app.gateway.wire.Address;
import dev.planaria.app.gateway.wire.Rpc;
import dev.planaria.app.gateway.wire.RpcMessage;
import dev.planaria.engine.state.Era;
import java.util.Optional;

/// Turns requests into jobs: calls of Planaria's own tools, or requests for a server behind it.
/// Thread-safe.
final class Jobs {
  private final ToolCalls tools;
  private final RelayedRequests relayed;
  private final ServerTools servers;

  Jobs(ToolCalls tools, RelayedRequests relayed, ServerTools servers) {
    this.tools = tools;
    this.relayed = relayed;
    this.servers = servers;
  }

  /// Looks whether a request can be run, without running it.
  ///
  /// @param body the request as it came
  /// @param principal who asks
  /// @throws dev.planaria.app.gateway.wire.RpcError when it cannot
  Job prepare(RpcMessage.Request request, byte[] body, Address address, String principal) {
    if (address.server() != null) {
      return relayed.prepare(request, body, address);
    }
    Optional<ServerTools.Call> call = servers.find(request, body, address, principal);
    if (call.isPresent()) {
      return relayed.prepare(call.get().request(), call.get().body(), call.get().address());
    }
    ToolCalls.Prepared prepared = tools.prepare(request);
    return context -> {
      var called =
          new ToolCalls.Context(
              context.audience(),
              context.principal(),
              address.session(),
              context.fallbackOperationId(),
              Era.LEGACY);
      return Rpc.bytes(Rpc.result(request.id(), tools.run(prepared, called)));
    };
  }
}
