package dev.planaria.engine.checkpoint;

import dev.planaria.engine.journal.Hash;

/// A checkpoint with its bytes, as a store keeps it.
///
/// @param info what it says of itself
/// @param hash the session's chain hash at its seq
/// @param sha256 of the body
/// @param body compressed; not copied, must not be changed
// The bytes are handed on, never compared: a copy of each would cost more than it protects.
@SuppressWarnings("ArrayRecordComponent")
public record StoredCheckpoint(CheckpointInfo info, Hash hash, Hash sha256, byte[] body) {}
