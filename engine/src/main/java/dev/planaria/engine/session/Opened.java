package dev.planaria.engine.session;

import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.state.SessionState;

/// What opening a session gave.
///
/// @param state the session as it is on disk
/// @param head its last acknowledged operation
/// @param created true when this operation id created it, false when it was there before
public record Opened(SessionState state, Receipt head, boolean created) {}
