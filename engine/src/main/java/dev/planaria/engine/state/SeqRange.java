package dev.planaria.engine.state;

import java.util.ArrayList;
import java.util.List;

/// A run of seqs.
///
/// @param first the first of them
/// @param last the last of them, not before the first
public record SeqRange(long first, long last) {

  /// Checks the order.
  public SeqRange {
    if (first < 1 || last < first) {
      throw new IllegalArgumentException("no run of seqs goes from " + first + " to " + last);
    }
  }

  /// How many there are.
  public long count() {
    return last - first + 1;
  }

  /// True when it holds that seq.
  public boolean holds(long seq) {
    return seq >= first && seq <= last;
  }

  /// True when one of the runs holds that seq.
  public static boolean anyHolds(List<SeqRange> ranges, long seq) {
    return ranges.stream().anyMatch(range -> range.holds(seq));
  }

  /// Adds the next run to a list that is in order; one that follows at once is joined to the last.
  public static void append(List<SeqRange> ranges, SeqRange next) {
    if (!ranges.isEmpty() && ranges.getLast().last() + 1 == next.first()) {
      ranges.set(ranges.size() - 1, new SeqRange(ranges.getLast().first(), next.last()));
    } else {
      ranges.add(next);
    }
  }

  /// How many seqs some runs hold that do not overlap.
  public static long count(List<SeqRange> ranges) {
    return ranges.stream().mapToLong(SeqRange::count).sum();
  }

  /// All seqs of some runs in order and without overlap.
  public static List<SeqRange> union(List<SeqRange> ranges) {
    var sorted =
        ranges.stream().sorted(java.util.Comparator.comparingLong(SeqRange::first)).toList();
    var joined = new ArrayList<SeqRange>();
    for (SeqRange next : sorted) {
      SeqRange last = joined.isEmpty() ? null : joined.getLast();
      if (last != null && next.first() <= last.last() + 1) {
        joined.set(
            joined.size() - 1, new SeqRange(last.first(), Math.max(last.last(), next.last())));
      } else {
        joined.add(next);
      }
    }
    return joined;
  }

  /// How many seqs are in both of two lists, each in order and without overlap.
  public static long common(List<SeqRange> one, List<SeqRange> other) {
    long count = 0;
    int i = 0;
    int j = 0;
    while (i < one.size() && j < other.size()) {
      SeqRange a = one.get(i);
      SeqRange b = other.get(j);
      long first = Math.max(a.first(), b.first());
      long last = Math.min(a.last(), b.last());
      count += Math.max(0, last - first + 1);
      if (a.last() < b.last()) {
        i++;
      } else {
        j++;
      }
    }
    return count;
  }
}
