package dev.planaria.app.gateway.upstreams;

import dev.planaria.app.gateway.wire.RawObject;

/// Who we say we are. A legacy server hears it once, a modern one with each request.
///
/// @param clientInfo `{"name", "version", ...}`
/// @param capabilities what we offer to do for the server: sampling, elicitation, roots
public record ClientIntroduction(RawObject clientInfo, RawObject capabilities) {}
