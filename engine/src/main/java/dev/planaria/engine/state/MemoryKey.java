package dev.planaria.engine.state;

import java.util.Comparator;

/// Where a memory entry lies.
///
/// @param namespace keeps the keys of different users apart
/// @param key unique in its namespace
public record MemoryKey(String namespace, String key) implements Comparable<MemoryKey> {

  private static final Comparator<MemoryKey> ORDER =
      Comparator.comparing(MemoryKey::namespace).thenComparing(MemoryKey::key);

  @Override
  public int compareTo(MemoryKey other) {
    return ORDER.compare(this, other);
  }
}
