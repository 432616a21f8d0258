package dev.planaria.engine.state;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How many things have each value of an enum. Immutable, compared by content.
///
/// @param <E> what is counted by
public final class Tally<E extends Enum<E>> {

  private final EnumMap<E, Integer> counts;

  private Tally(EnumMap<E, Integer> counts) {
    this.counts = counts;
  }

  /// Nothing counted yet.
  static <E extends Enum<E>> Tally<E> empty(Class<E> type) {
    var counts = new EnumMap<E, Integer>(type);
    for (E value : type.getEnumConstants()) {
      counts.put(value, 0);
    }
    return new Tally<>(counts);
  }

  /// One thing moved: it had `before` (null: there was no such thing) and has `after` now.
  Tally<E> moved(@Nullable E before, E after) {
    if (before == after) {
      return this;
    }
    var moved = new EnumMap<>(counts);
    if (before != null) {
      moved.merge(before, -1, Integer::sum);
    }
    moved.merge(after, 1, Integer::sum);
    return new Tally<>(moved);
  }

  /// One thing that had that value is gone.
  Tally<E> removed(E value) {
    var removed = new EnumMap<>(counts);
    removed.merge(value, -1, Integer::sum);
    return new Tally<>(removed);
  }

  /// How many have that value.
  public int count(E value) {
    return counts.getOrDefault(value, 0);
  }

  /// How many there are.
  public int total() {
    int total = 0;
    for (int count : counts.values()) {
      total += count;
    }
    return total;
  }

  /// The counts by value, zeros included.
  public Map<E, Integer> toMap() {
    return Collections.unmodifiableMap(counts);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tally<?> tally && counts.equals(tally.counts);
  }

  @Override
  public int hashCode() {
    return counts.hashCode();
  }

  @Override
  public String toString() {
    return counts.toString();
  }
}
