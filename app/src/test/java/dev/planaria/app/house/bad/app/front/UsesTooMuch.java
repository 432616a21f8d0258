package dev.planaria.app.house.bad.app.front;

import dev.planaria.app.house.bad.app.gateway.clients.Endpoint;
import dev.planaria.app.house.bad.engine.json.UsesSession;
import dev.planaria.app.house.bad.engine.session.UsesJson;

/// Knows its neighbour and sessions, which it must not, and JSON, which it may.
public record UsesTooMuch(Endpoint beside, UsesJson below, UsesSession allowed) {}
