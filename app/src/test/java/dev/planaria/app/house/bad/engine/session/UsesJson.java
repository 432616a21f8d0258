package dev.planaria.app.house.bad.engine.session;

import dev.planaria.app.house.bad.engine.json.UsesSession;
import java.util.List;

/// Looks downward, which is right.
public record UsesJson(List<UsesSession> sessions) {}
