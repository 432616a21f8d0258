package dev.planaria.engine.session;

import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionStatus;

/// A line in a list of sessions; known without loading the session.
///
/// @param id the session
/// @param name its name
/// @param status where it stands
/// @param createdAtMillis Unix time
/// @param seq its last durable operation
/// @param resident true when its state is in memory
public record SessionSummary(
    SessionId id,
    String name,
    SessionStatus status,
    long createdAtMillis,
    long seq,
    boolean resident) {}
