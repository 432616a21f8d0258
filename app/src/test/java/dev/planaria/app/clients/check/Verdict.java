package dev.planaria.app.clients.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Everything that was found.
///
/// @param violations each one
public record Verdict(List<Violation> violations) {

  private static final int SHOWN = 20;

  /// Copies the list.
  public Verdict {
    violations = List.copyOf(violations);
  }

  /// Both together.
  public Verdict and(Verdict other) {
    return new Verdict(Stream.concat(violations.stream(), other.violations.stream()).toList());
  }

  /// How many of a kind.
  public long count(Violation.Kind kind) {
    return violations.stream().filter(violation -> violation.kind() == kind).count();
  }

  /// How many of each kind that was found.
  public Map<Violation.Kind, Long> counts() {
    return violations.stream()
        .collect(Collectors.groupingBy(Violation::kind, TreeMap::new, Collectors.counting()));
  }

  /// Counts by kind, and the first sentences.
  @Override
  public String toString() {
    if (violations.isEmpty()) {
      return "0 lost, 0 duplicated, 0 reordered, store sound, every promise kept";
    }
    var text = new StringBuilder(counts().toString());
    violations.stream()
        .limit(SHOWN)
        .forEach(violation ->
            text.append("\n  ").append(violation.kind()).append(": ").append(violation.sentence()));
    return text.toString();
  }

  /// Collects violations.
  static final class Findings {
    private final List<Violation> found = new ArrayList<>();

    void add(Violation.Kind kind, String sentence) {
      found.add(new Violation(kind, sentence));
    }

    Verdict verdict() {
      return new Verdict(found);
    }
  }
}
