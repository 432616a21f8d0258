package dev.planaria.engine.integrity;

import dev.planaria.engine.state.SessionState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;

/// Compares a session before a failure with the same session after its recovery (specification,
/// section 2.1 of the testing framework). Pure.
public final class StateIntegrityValidator {

  private StateIntegrityValidator() {}

  /// What became of the things of one component.
  ///
  /// @param component `agents`, `tasks`, `connections`, `calls` or `memory`
  /// @param expected how many there were
  /// @param kept how many are there and equal
  /// @param missing ids of those that are gone
  /// @param changed ids of those that differ
  /// @param extra ids of those that were not there before
  public record Check(
      String component,
      int expected,
      int kept,
      List<String> missing,
      List<String> changed,
      List<String> extra) {

    /// Copies the lists.
    public Check {
      missing = List.copyOf(missing);
      changed = List.copyOf(changed);
      extra = List.copyOf(extra);
    }

    /// True when everything is as it was.
    public boolean passed() {
      return missing.isEmpty() && changed.isEmpty() && extra.isEmpty();
    }
  }

  /// What a comparison came to.
  ///
  /// @param checks one for each component
  public record Validation(List<Check> checks) {

    /// Copies the list.
    public Validation {
      checks = List.copyOf(checks);
    }

    /// True when every check passed.
    public boolean overallSuccess() {
      return checks.stream().allMatch(Check::passed);
    }

    /// Things that are missing or differ over all things that there were, 0 to 100.
    public double dataLossPercent() {
      long expected = checks.stream().mapToLong(Check::expected).sum();
      long kept = checks.stream().mapToLong(Check::kept).sum();
      return expected == 0 ? 0 : 100.0 * (expected - kept) / expected;
    }

    /// Things compared and found equal over all things compared, 0 to 1.
    public double integrityScore() {
      long compared =
          checks.stream().mapToLong(check -> check.expected() + check.extra().size()).sum();
      long kept = checks.stream().mapToLong(Check::kept).sum();
      return compared == 0 ? 1 : (double) kept / compared;
    }
  }

  /// Compares. Leases may have been given their full length again, as every recovery does; that is
  /// no change.
  @SuppressWarnings("ReferenceEquality") // a short cut; equal values are compared below
  public static Validation validate(SessionState before, SessionState after) {
    if (before == after) {
      return unchanged(before);
    }
    return new Validation(
        List.of(
            compare("agents", before.agents(), after.agents(), Objects::equals),
            compare(
                "tasks",
                before.tasks(),
                after.tasks(),
                (was, is) -> was.equals(is) || was.isSameButForItsLease(is)),
            compare("connections", before.connections(), after.connections(), Objects::equals),
            compare("calls", before.calls(), after.calls(), Objects::equals),
            compare("memory", before.memory(), after.memory(), Objects::equals)));
  }

  /// The same value: most recoveries change nothing, and a store may hold many sessions.
  private static Validation unchanged(SessionState state) {
    return new Validation(
        List.of(
            whole("agents", state.agents().size()),
            whole("tasks", state.tasks().size()),
            whole("connections", state.connections().size()),
            whole("calls", state.calls().size()),
            whole("memory", state.memory().size())));
  }

  private static Check whole(String component, int count) {
    return new Check(component, count, count, List.of(), List.of(), List.of());
  }

  private static <K, V> Check compare(
      String component, Map<K, V> before, Map<K, V> after, BiPredicate<V, V> same) {
    var missing = new ArrayList<String>();
    var changed = new ArrayList<String>();
    var extra = new ArrayList<String>();
    int kept = 0;
    for (Map.Entry<K, V> was : before.entrySet()) {
      V is = after.get(was.getKey());
      if (is == null) {
        missing.add(was.getKey().toString());
      } else if (same.test(was.getValue(), is)) {
        kept++;
      } else {
        changed.add(was.getKey().toString());
      }
    }
    after.keySet().stream()
        .filter(key -> !before.containsKey(key))
        .forEach(key -> extra.add(key.toString()));
    return new Check(component, before.size(), kept, missing, changed, extra);
  }
}
