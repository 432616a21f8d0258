package dev.planaria.engine.checkpoint;

/// What is kept of an operation so that its repeat is recognised. Its result is in the journal, at
/// its seq.
///
/// @param key principal and operation id
/// @param commandDigest first 64 bits of the SHA-256 of the command
/// @param seq the operation
/// @param timeMillis when it was decided, Unix time
public record RememberedOperation(
    OperationKey key, long commandDigest, long seq, long timeMillis) {}
