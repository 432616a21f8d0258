package dev.planaria.engine.storage;

import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionStatus;

/// What the store knows of a session without reading its state: a projection, written with each
/// checkpoint.
///
/// @param id the session
/// @param name its name
/// @param status where it stood
/// @param createdAtMillis Unix time
/// @param seq the last operation that the newest checkpoint contains
/// @param hash the chain hash there
public record SessionRow(
    SessionId id, String name, SessionStatus status, long createdAtMillis, long seq, Hash hash) {}
