package dev.planaria.engine.state;

import java.util.Comparator;

/// Orders ids that end in a seq (`task-7`, `task-12`) by that number: the shorter first, then by
/// text.
enum CreationOrder implements Comparator<String> {
  OLDEST_FIRST;

  @Override
  public int compare(String one, String other) {
    int byLength = Integer.compare(one.length(), other.length());
    return byLength != 0 ? byLength : one.compareTo(other);
  }
}
