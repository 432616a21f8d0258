package dev.planaria.app.gateway.upstreams;

import dev.planaria.engine.state.Era;

/// Which era a server was found to speak, and when. A modern one stays modern until it contradicts
/// itself; a legacy one may have been updated, so that verdict grows old.
///
/// @param askedAtMillis milliseconds since 1970
public record EraVerdict(Era era, long askedAtMillis) {}
