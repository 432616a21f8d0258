package dev.planaria.app.gateway.upstreams;

/// The members of `_meta` that MCP 2026-07-28 gives a meaning (basic, "_meta").
final class ModernMeta {
  static final String PROTOCOL_VERSION = "io.modelcontextprotocol/protocolVersion";
  static final String CLIENT_CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";
  static final String CLIENT_INFO = "io.modelcontextprotocol/clientInfo";
  static final String SERVER_INFO = "io.modelcontextprotocol/serverInfo";
  static final String LOG_LEVEL = "io.modelcontextprotocol/logLevel";
  static final String SUBSCRIPTION_ID = "io.modelcontextprotocol/subscriptionId";

  private ModernMeta() {}
}
