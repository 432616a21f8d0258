package dev.planaria.app.gateway.replay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Collects, call by call, which ids a server gives in the place of those that it gave first, while
/// its calls are replayed. Not thread-safe; lives for one replay, into a server that knows nothing.
public final class Rebinding {

  private final Profile profile;
  private final Map<String, String> present = new HashMap<>();
  private final Map<String, String> first = new HashMap<>();

  /// Nothing is bound yet.
  public Rebinding(Profile profile) {
    this.profile = profile;
  }

  /// A call's parameters as the server has to see them now.
  public String toServer(String params) {
    return IdBinding.arguments(params, present);
  }

  /// Binds the ids of a result to those of the same call replayed.
  ///
  /// @param tool its name
  /// @param outcome what the client was told then
  /// @param replayed what the server answers now
  /// @return why the replay has to stop, in a sentence: the call failed, an id is missing, or it
  ///   would stand for two things; empty when all is well. Nothing is bound then
  public Optional<String> bind(String tool, String outcome, String replayed) {
    ToolResult was = ToolResult.of(outcome);
    ToolResult is = ToolResult.of(replayed);
    if (is.failed()) {
      return Optional.of("the call of " + tool + " failed when it was replayed");
    }
    var pairs = new ArrayList<Pair>();
    for (IdPath path : profile.ids(tool)) {
      List<String> before = profile.onlyIds(path.in(was.content()));
      List<String> after = profile.onlyIds(path.in(is.content()));
      if (path.leadsToMany()) {
        // Who was chosen may differ; only who was never met before is new.
        before = unmet(before, present, pairs.stream().map(Pair::before).toList());
        after = unmet(after, first, pairs.stream().map(Pair::after).toList());
      }
      if (before.size() != after.size()) {
        return Optional.of(
            "the result of %s has %d ids at %s, and had %d"
                .formatted(tool, after.size(), path, before.size()));
      }
      for (int i = 0; i < before.size(); i++) {
        pairs.add(new Pair(before.get(i), after.get(i)));
      }
    }
    return accept(tool, pairs);
  }

  private record Pair(String before, String after) {}

  private static List<String> unmet(
      List<String> ids, Map<String, String> met, List<String> metNow) {
    return ids.stream()
        .distinct()
        .filter(id -> !met.containsKey(id) && !metNow.contains(id))
        .toList();
  }

  private Optional<String> accept(String tool, List<Pair> pairs) {
    var added = new ArrayList<Pair>();
    for (Pair pair : pairs) {
      String other = present.putIfAbsent(pair.before, pair.after);
      String clash = other != null && !other.equals(pair.after) ? pair.before : null;
      if (other == null) {
        added.add(pair);
        String taken = first.putIfAbsent(pair.after, pair.before);
        clash = taken != null ? taken + " and " + pair.before : null;
      }
      if (clash != null) {
        forget(added);
        return Optional.of(
            "after the call of "
                + tool
                + " nobody could tell what "
                + clash
                + " stands for: "
                + (other == null ? "both would be " + pair.after : other + " or " + pair.after));
      }
    }
    return Optional.empty();
  }

  private void forget(List<Pair> added) {
    for (Pair pair : added) {
      present.remove(pair.before);
      first.remove(pair.after, pair.before);
    }
  }

  /// What was bound so far.
  public IdBinding result() {
    return new IdBinding(present);
  }
}
