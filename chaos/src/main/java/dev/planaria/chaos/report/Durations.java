package dev.planaria.chaos.report;

import java.util.List;
import java.util.Optional;

/// Many durations in a few figures, each of which was really measured: the one at that rank.
///
/// @param count how many
/// @param medianMillis half of them were not longer, in milliseconds
/// @param p95Millis 95 of 100 were not longer
/// @param longestMillis none was longer
public record Durations(int count, long medianMillis, long p95Millis, long longestMillis) {

  /// The figures, when there is anything to count.
  public static Optional<Durations> of(List<Long> millis) {
    if (millis.isEmpty()) {
      return Optional.empty();
    }
    List<Long> sorted = millis.stream().sorted().toList();
    return Optional.of(
        new Durations(sorted.size(), atRank(sorted, 50), atRank(sorted, 95), sorted.getLast()));
  }

  private static long atRank(List<Long> sorted, int percent) {
    int rank = (sorted.size() * percent + 99) / 100;
    return sorted.get(Math.max(1, rank) - 1);
  }
}
