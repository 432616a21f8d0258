package dev.planaria.engine.json;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The members of an object: an ordered map that nobody can change, so that it is copied once at
/// most. Thread-safe.
final class Members extends AbstractMap<String, JsonValue> {

  static final Members NONE = new Members(new LinkedHashMap<>());

  private final Map<String, JsonValue> members;

  private Members(Map<String, JsonValue> members) {
    this.members = members;
  }

  /// The map itself when it is one of ours, else a copy of it.
  static Members copyOf(Map<String, JsonValue> members) {
    return members instanceof Members ours ? ours : owning(new LinkedHashMap<>(members));
  }

  /// Wraps a map that keeps its order and that its maker gives away.
  static Members owning(Map<String, JsonValue> members) {
    return members.isEmpty() ? NONE : new Members(members);
  }

  @Override
  public @Nullable JsonValue get(@Nullable Object name) {
    return members.get(name);
  }

  @Override
  public boolean containsKey(@Nullable Object name) {
    return members.containsKey(name);
  }

  @Override
  public int size() {
    return members.size();
  }

  @Override
  public Set<Entry<String, JsonValue>> entrySet() {
    return Collections.unmodifiableMap(members).entrySet();
  }
}
