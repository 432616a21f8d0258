package dev.planaria.engine.checkpoint;

import dev.planaria.engine.state.SessionId;
import org.jspecify.annotations.Nullable;

/// What a checkpoint says of itself.
///
/// @param id names the checkpoint in its store
/// @param sessionId the session
/// @param parentId the checkpoint this one is a delta to, or null for a full one
/// @param kind full or incremental
/// @param seq the last operation that it contains
/// @param createdAtMillis Unix time
/// @param label the caller's words, or null
/// @param bytes its size on disk
/// @param verified true when it was read back and compared after it was written
public record CheckpointInfo(
    String id,
    SessionId sessionId,
    @Nullable String parentId,
    Kind kind,
    long seq,
    long createdAtMillis,
    @Nullable String label,
    long bytes,
    boolean verified) {

  /// Whether a checkpoint stands alone.
  public enum Kind {
    FULL,
    INCREMENTAL
  }
}
