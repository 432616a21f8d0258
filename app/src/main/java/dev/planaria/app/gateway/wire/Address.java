package dev.planaria.app.gateway.wire;

import org.jspecify.annotations.Nullable;

/// Where a client's request goes.
///
/// @param session the session that the URL named, by id or name; null for the default one
/// @param server the server behind Planaria that the URL named; null for Planaria's own tools
public record Address(@Nullable String session, @Nullable String server) {}
