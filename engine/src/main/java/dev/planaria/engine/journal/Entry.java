package dev.planaria.engine.journal;

import dev.planaria.engine.state.SessionId;

/// One operation as the journal keeps it.
///
/// @param sessionId the session it belongs to
/// @param seq its number in the session, from 1, without gaps, never used twice
/// @param epoch the store's fencing token when it was written
/// @param timeMillis when it was decided, Unix time
/// @param commandDigest SHA-256 of the command, so that a repeat can be told from a reuse of its id
/// @param principal who asked
/// @param operationId the caller's name for it
/// @param type what kind of operation, see [dev.planaria.engine.state.OperationCodec]
/// @param body the operation, UTF-8 JSON; not copied, must not be changed
/// @param hash SHA-256 over the previous entry's hash and this entry's content
// The bytes are handed on, never compared: a copy of each would cost more than it protects.
@SuppressWarnings("ArrayRecordComponent")
public record Entry(
    SessionId sessionId,
    long seq,
    long epoch,
    long timeMillis,
    Hash commandDigest,
    String principal,
    String operationId,
    String type,
    byte[] body,
    Hash hash) {

  /// The receipt of this entry.
  public Receipt receipt() {
    return new Receipt(sessionId, seq, hash);
  }
}
