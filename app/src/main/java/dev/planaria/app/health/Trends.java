package dev.planaria.app.health;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/// Remembers how components were a while ago. Bounded: of many components, those that were not
/// asked about for longest are forgotten, and of each no more is kept than lies within that while,
/// whatever the clock does. Thread-safe.
public final class Trends {
  /// Components of all subjects together: of a session there are nine.
  private static final int COMPONENTS = 1_000;

  /// What is younger than this says nothing about where things go.
  private static final long LEAST_MILLIS = 60_000;

  /// Compared is with what is this old, or the oldest there is.
  private static final long WHILE_MILLIS = 300_000;

  /// Looks that follow each other faster than this are one.
  private static final long APART_MILLIS = 30_000;

  // Guarded by this. By subject and component.
  private final Map<String, Deque<Past>> past =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Deque<Past>> eldest) {
          return size() > COMPONENTS;
        }
      };

  private record Past(long atMillis, Wellness status, double burden) {}

  /// Nothing was looked at yet.
  public Trends() {}

  /// Where a component goes; what was found is remembered.
  ///
  /// @param subject whose component it is
  public synchronized Trend of(String subject, Check check, long nowMillis) {
    Deque<Past> looks =
        past.computeIfAbsent(subject + " " + check.component(), _ -> new ArrayDeque<>());
    looks.removeIf(look -> look.atMillis() > nowMillis); // the clock was set back
    while (looks.size() > 1 && nowMillis - second(looks).atMillis() >= WHILE_MILLIS) {
      looks.removeFirst();
    }
    Past before = looks.peekFirst();
    Past last = looks.peekLast();
    if (last == null || nowMillis - last.atMillis() >= APART_MILLIS) {
      looks.addLast(new Past(nowMillis, check.status(), check.burden()));
    }
    if (before == null || nowMillis - before.atMillis() < LEAST_MILLIS) {
      return Trend.UNKNOWN;
    }
    int change = check.status().compareTo(before.status());
    if (change == 0) {
      change = Double.compare(check.burden(), before.burden());
    }
    return change == 0 ? Trend.STEADY : change > 0 ? Trend.WORSE : Trend.BETTER;
  }

  private static Past second(Deque<Past> looks) {
    var all = looks.iterator();
    all.next();
    return all.next();
  }
}
