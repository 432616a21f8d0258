package dev.planaria.engine.storage;

import dev.planaria.engine.state.SessionId;
import java.util.Optional;

/// A recovery record as it is kept.
///
/// @param recoveryId the run, or the recovery of one session
/// @param sessionId the session, or empty for the record of the run itself
/// @param timeMillis when it happened, Unix time; records are told newest first
/// @param json the record
public record StoredRecovery(
    String recoveryId, Optional<SessionId> sessionId, long timeMillis, String json) {}
