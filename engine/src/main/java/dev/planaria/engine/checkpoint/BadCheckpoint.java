package dev.planaria.engine.checkpoint;

/// A checkpoint that could not be used.
///
/// @param info what its row says
/// @param reason why, in a sentence
public record BadCheckpoint(CheckpointInfo info, String reason) {}
