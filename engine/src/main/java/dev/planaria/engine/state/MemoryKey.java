package dev.planaria.engine.state;

/// Where a memory entry lies.
///
/// @param namespace keeps the keys of different users apart
/// @param key unique in its namespace
public record MemoryKey(String namespace, String key) implements Comparable<MemoryKey> {

  // Called some ten times for each operation on memory.
  @Override
  public int compareTo(MemoryKey other) {
    int byNamespace = namespace.compareTo(other.namespace);
    return byNamespace != 0 ? byNamespace : key.compareTo(other.key);
  }
}
