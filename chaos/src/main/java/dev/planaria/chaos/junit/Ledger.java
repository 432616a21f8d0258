package dev.planaria.chaos.junit;

import dev.planaria.chaos.report.Violation;
import dev.planaria.chaos.report.Violation.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a test has asked a server to keep, and what it found there afterwards. The test names each
/// thing, and says what came of asking for it; at the end it says what is there.
///
/// What was acknowledged must be there once, and in the order in which one caller had it
/// acknowledged. What was refused must not be there. What got no answer may be there or not, but
/// not twice. Thread-safe.
public final class Ledger {

  /// What came of asking.
  private enum Answer {
    ACKNOWLEDGED,
    REFUSED,
    UNKNOWN
  }

  /// @param caller who asked; only what one caller did has an order
  private record Line(String caller, Answer answer) {}

  private final Map<String, Line> lines = new LinkedHashMap<>();
  private @Nullable List<String> observed;
  private boolean ordered = true;

  Ledger() {}

  /// The server has said that it has kept this.
  ///
  /// @throws IllegalArgumentException when something of that name stands in the ledger already
  public void acknowledged(String name) {
    acknowledged("", name);
  }

  /// As [#acknowledged(String)], with several callers at once.
  ///
  /// @param caller who asked; each has an order of its own
  public void acknowledged(String caller, String name) {
    write(name, new Line(caller, Answer.ACKNOWLEDGED));
  }

  /// The server has said that it will not keep this.
  public void refused(String name) {
    write(name, new Line("", Answer.REFUSED));
  }

  /// There was no answer, or one that leaves it open.
  public void unknown(String name) {
    write(name, new Line("", Answer.UNKNOWN));
  }

  /// The server keeps no order, and promises none.
  public synchronized void ignoreOrder() {
    ordered = false;
  }

  /// What is there, after everything that was broken works again, in the server's order. Asked more
  /// than once, the last time counts.
  public synchronized void observed(Collection<String> names) {
    observed = List.copyOf(names);
  }

  private synchronized void write(String name, Line line) {
    if (lines.putIfAbsent(name, line) != null) {
      throw new IllegalArgumentException("`name` must be fresh, '" + name + "' was used before");
    }
  }

  /// What does not come out.
  synchronized List<Violation> violations() {
    List<String> there = observed;
    if (there == null) {
      return List.of();
    }
    var found = new ArrayList<Violation>();
    var times = new HashMap<String, Integer>();
    there.forEach(name -> times.merge(name, 1, Integer::sum));
    lines.forEach((name, line) -> {
      if (line.answer() == Answer.ACKNOWLEDGED && !times.containsKey(name)) {
        found.add(new Violation(Kind.LOST, name + " was acknowledged and is not there"));
      }
    });
    times.forEach((name, count) -> {
      Line line = lines.get(name);
      if (count > 1) {
        found.add(new Violation(Kind.DUPLICATED, name + " is there " + count + " times"));
      }
      if (line == null) {
        found.add(new Violation(Kind.UNSOUND, name + " is there, and nobody has asked for it"));
      } else if (line.answer() == Answer.REFUSED) {
        found.add(new Violation(Kind.UNSOUND, name + " was refused and is there"));
      }
    });
    if (ordered) {
      reordered(there, found);
    }
    return List.copyOf(found);
  }

  private void reordered(List<String> there, List<Violation> found) {
    var places = new HashMap<String, Integer>();
    for (int i = 0; i < there.size(); i++) {
      places.putIfAbsent(there.get(i), i);
    }
    var last = new HashMap<String, String>();
    lines.forEach((name, line) -> {
      Integer place = places.get(name);
      if (line.answer() == Answer.ACKNOWLEDGED && place != null) {
        String before = last.put(line.caller(), name);
        if (before != null && places.getOrDefault(before, -1) > place) {
          found.add(
              new Violation(
                  Kind.REORDERED,
                  name + " was acknowledged after " + before + " and is before it"));
        }
      }
    });
  }

  /// Why nothing is shown, if so.
  synchronized List<String> gaps() {
    var found = new ArrayList<String>();
    if (count(Answer.ACKNOWLEDGED) == 0) {
      found.add("nothing was acknowledged, so that nothing could be lost");
    }
    if (observed == null) {
      found.add("nobody has looked at what is there afterwards (Ledger.observed)");
    }
    return found;
  }

  private long count(Answer answer) {
    return lines.values().stream().filter(line -> line.answer() == answer).count();
  }

  /// The figures.
  @Override
  public synchronized String toString() {
    List<String> there = observed;
    return count(Answer.ACKNOWLEDGED)
        + " acknowledged, "
        + count(Answer.REFUSED)
        + " refused, "
        + count(Answer.UNKNOWN)
        + " unknown, "
        + (there == null ? "nothing observed" : there.size() + " observed");
  }
}
