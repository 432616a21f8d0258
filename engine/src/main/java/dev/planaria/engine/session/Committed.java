package dev.planaria.engine.session;

import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.state.Operation;

/// An acknowledged operation. It is on disk.
///
/// @param receipt proof of it
/// @param operationId the caller's, or the generated one
/// @param operation what was decided; the result of the command is told from this alone
/// @param timeMillis when it was decided, Unix time
/// @param repeated true when the operation id was seen before and this is the first result again
public record Committed(
    Receipt receipt, String operationId, Operation operation, long timeMillis, boolean repeated) {}
