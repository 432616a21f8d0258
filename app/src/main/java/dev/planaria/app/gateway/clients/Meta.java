package dev.planaria.app.gateway.clients;

import dev.planaria.app.gateway.wire.RpcError;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import org.jspecify.annotations.Nullable;

/// The `_meta` of a request's parameters.
final class Meta {
  /// The revision that a modern request speaks.
  static final String PROTOCOL_VERSION = "io.modelcontextprotocol/protocolVersion";

  /// What a modern client can do.
  static final String CLIENT_CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";

  /// Who answers a modern request.
  static final String SERVER_INFO = "io.modelcontextprotocol/serverInfo";

  /// Which `subscriptions/listen` a message belongs to.
  static final String SUBSCRIPTION_ID = "io.modelcontextprotocol/subscriptionId";

  private Meta() {}

  /// The `_meta` of parameters; empty when there is none.
  ///
  /// @throws RpcError when it is no object
  static JsonObject of(JsonObject params) {
    return switch (params.get("_meta")) {
      case null -> JsonObject.EMPTY;
      case JsonObject meta -> meta;
      default -> throw RpcError.invalidMeta("params._meta must be an object");
    };
  }

  /// The revision that the parameters claim to speak, or null when they claim none.
  static @Nullable String claimedVersion(JsonObject params) {
    return params.get("_meta") instanceof JsonObject meta
            && meta.get(PROTOCOL_VERSION) instanceof JsonString(String version)
        ? version
        : null;
  }
}
