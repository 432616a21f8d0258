package dev.planaria.app.house.bad.engine.json;

import dev.planaria.app.house.bad.engine.session.UsesJson;

/// Looks upward, and closes a cycle.
public record UsesSession(UsesJson session) {}
