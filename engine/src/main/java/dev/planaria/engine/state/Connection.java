package dev.planaria.engine.state;

import dev.planaria.engine.json.JsonObject;

/// A session's relation to one upstream MCP server.
///
/// @param id the upstream's name; unique in its session
/// @param transport how the server is reached
/// @param era which generation of the protocol it speaks
/// @param status where the connection state machine stands
/// @param capabilities what the server said it can do
/// @param consecutiveFailures failed attempts since the last success
/// @param lastHeartbeatMillis when it last answered, Unix time
/// @param updatedAtMillis Unix time of the last change
public record Connection(
    String id,
    Transport transport,
    Era era,
    ConnectionStatus status,
    JsonObject capabilities,
    int consecutiveFailures,
    long lastHeartbeatMillis,
    long updatedAtMillis) {}
