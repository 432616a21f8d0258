package dev.planaria.engine.session;

import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.state.SessionState;

/// A session as it is on disk: never anything that a crash could still take back.
///
/// @param state the session
/// @param head its last durable operation
public record SessionView(SessionState state, Receipt head) {}
