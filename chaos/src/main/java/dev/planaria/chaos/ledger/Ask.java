package dev.planaria.chaos.ledger;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.state.SessionId;

/// A mutating call that was sent.
///
/// @param operationId its operation id, which no other call has
/// @param caller who asked, from 0
/// @param session in which session
/// @param tool what was called
/// @param arguments as they were sent
/// @param mark by what it can be found again
public record Ask(
    String operationId,
    int caller,
    SessionId session,
    String tool,
    JsonObject arguments,
    Mark mark) {}
