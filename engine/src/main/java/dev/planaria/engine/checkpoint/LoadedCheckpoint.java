package dev.planaria.engine.checkpoint;

import dev.planaria.engine.journal.Hash;

/// A checkpoint, composed with the chain that it stands on.
///
/// @param info which one
/// @param sha256 of its own body
/// @param position how many checkpoints it stands on; 0 for a full one
/// @param content the session
public record LoadedCheckpoint(
    CheckpointInfo info, Hash sha256, int position, CheckpointContent content) {}
