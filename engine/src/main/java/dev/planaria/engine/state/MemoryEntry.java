package dev.planaria.engine.state;

import dev.planaria.engine.json.JsonValue;
import org.jspecify.annotations.Nullable;

/// One thing a swarm remembers.
///
/// @param key where it lies
/// @param value any JSON value
/// @param bytes length of the value as UTF-8 JSON; counted against the session's limit
/// @param version from one counter for the whole session, so that a version is never seen twice,
///   not even after a delete
/// @param updatedAtMillis Unix time of the last store
/// @param expiresAtMillis Unix time after which it is no longer found, or null for never
public record MemoryEntry(
    MemoryKey key,
    JsonValue value,
    int bytes,
    long version,
    long updatedAtMillis,
    @Nullable Long expiresAtMillis) {

  /// True when the entry may no longer be shown.
  public boolean isExpiredAt(long nowMillis) {
    return expiresAtMillis != null && expiresAtMillis <= nowMillis;
  }
}
