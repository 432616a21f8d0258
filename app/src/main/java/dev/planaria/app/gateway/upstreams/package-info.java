/// Conversations with MCP servers: children that speak over pipes, and servers that speak HTTP, in
/// every revision of the protocol. What to connect to comes from the operator's file. Knows nothing
/// of sessions, calls or replay: it says what was answered, and when there is no answer exactly
/// what is known of the request.
@NullMarked
package dev.planaria.app.gateway.upstreams;

import org.jspecify.annotations.NullMarked;
