package dev.planaria.engine.journal;

import dev.planaria.engine.state.SessionId;

/// Proof that an operation was acknowledged: whoever keeps it can later ask whether the session
/// still holds it.
///
/// @param sessionId the session
/// @param seq the operation's number in it, from 1
/// @param hash the session's chain hash at that seq
public record Receipt(SessionId sessionId, long seq, Hash hash) {}
