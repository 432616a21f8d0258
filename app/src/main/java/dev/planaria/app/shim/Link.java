package dev.planaria.app.shim;

import org.jspecify.annotations.Nullable;

/// What a legacy client and the daemon have agreed on (MCP 2025-11-25, Streamable HTTP, "Session
/// Management").
///
/// @param id the `Mcp-Session-Id`, or null when the daemon gave none
/// @param version the protocol version, or null when the answer named none
record Link(@Nullable String id, @Nullable String version) {}
