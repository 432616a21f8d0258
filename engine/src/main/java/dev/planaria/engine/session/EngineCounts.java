package dev.planaria.engine.session;

/// What the journal writer has done since the engine was opened.
///
/// @param operations written
/// @param commits it took; operations over commits is the mean group
public record EngineCounts(long operations, long commits) {}
