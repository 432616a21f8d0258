package dev.planaria.engine.checkpoint;

import dev.planaria.engine.journal.EntryCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// Stands for a principal and its operation id: the first 128 bits of their SHA-256, since a
/// session may remember 100,000 of them. The texts themselves are in the journal.
///
/// @param high first 64 bits
/// @param low next 64 bits
public record OperationKey(long high, long low) {

  /// The key of a principal's operation id.
  public static OperationKey of(String principal, String operationId) {
    return of(principal, operationId, EntryCodec.newSha256());
  }

  /// The same, with a digest of the caller's, which is reset.
  public static OperationKey of(String principal, String operationId, MessageDigest sha256) {
    sha256.update(principal.getBytes(StandardCharsets.UTF_8));
    // A principal holds no line feed, so no two pairs give the same text.
    sha256.update((byte) '\n');
    ByteBuffer hash = ByteBuffer.wrap(sha256.digest(operationId.getBytes(StandardCharsets.UTF_8)));
    return new OperationKey(hash.getLong(), hash.getLong());
  }
}
