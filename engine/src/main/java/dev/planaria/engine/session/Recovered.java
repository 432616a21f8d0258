package dev.planaria.engine.session;

import dev.planaria.engine.recovery.RecoveryRecord;

/// The answer to somebody who asked for a recovery.
///
/// @param record what was found and done; without findings nothing had to be
/// @param repeated true when it was done before, under the same operation id
public record Recovered(RecoveryRecord record, boolean repeated) {}
