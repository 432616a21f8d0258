package dev.planaria.engine.checkpoint;

import dev.planaria.engine.journal.Hash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Stands for a principal and its operation id: the first 128 bits of their SHA-256, since a
/// session may remember 100,000 of them. The texts themselves are in the journal.
///
/// @param high first 64 bits
/// @param low next 64 bits
public record OperationKey(long high, long low) {

  /// The key of a principal's operation id.
  public static OperationKey of(String principal, String operationId) {
    // A principal holds no line feed, so no two pairs give the same text.
    byte[] text = (principal + '\n' + operationId).getBytes(StandardCharsets.UTF_8);
    ByteBuffer hash = ByteBuffer.wrap(Hash.sha256(text).toBytes());
    return new OperationKey(hash.getLong(), hash.getLong());
  }
}
