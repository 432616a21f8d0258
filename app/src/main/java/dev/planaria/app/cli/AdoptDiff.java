package dev.planaria.app.cli;

import java.util.ArrayList;
import java.util.List;

/// The lines in which two texts differ. Pure.
final class AdoptDiff {

  /// Beyond so many lines between the first and the last change, all of them are shown as changed.
  private static final int MOST_COMPARED = 2_000;

  private static final int CONTEXT = 2;

  private AdoptDiff() {}

  /// Lines with `-`, `+` or a space before them.
  static String of(String before, String after) {
    List<String> old = before.lines().toList();
    List<String> fresh = after.lines().toList();
    int head = 0;
    while (head < Math.min(old.size(), fresh.size()) && old.get(head).equals(fresh.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < Math.min(old.size(), fresh.size()) - head
        && old.get(old.size() - 1 - tail).equals(fresh.get(fresh.size() - 1 - tail))) {
      tail++;
    }
    var out = new ArrayList<String>();
    old.subList(Math.max(0, head - CONTEXT), head).forEach(line -> out.add("  " + line));
    middle(old.subList(head, old.size() - tail), fresh.subList(head, fresh.size() - tail), out);
    int end = old.size() - tail;
    old.subList(end, Math.min(old.size(), end + CONTEXT)).forEach(line -> out.add("  " + line));
    return String.join("\n", out);
  }

  private static void middle(List<String> old, List<String> fresh, List<String> out) {
    if (old.size() > MOST_COMPARED || fresh.size() > MOST_COMPARED) {
      old.forEach(line -> out.add("- " + line));
      fresh.forEach(line -> out.add("+ " + line));
      return;
    }
    int[][] common = new int[old.size() + 1][fresh.size() + 1];
    for (int i = old.size() - 1; i >= 0; i--) {
      for (int j = fresh.size() - 1; j >= 0; j--) {
        common[i][j] =
            old.get(i).equals(fresh.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    int i = 0;
    int j = 0;
    while (i < old.size() || j < fresh.size()) {
      if (i < old.size() && j < fresh.size() && old.get(i).equals(fresh.get(j))) {
        out.add("  " + old.get(i));
        i++;
        j++;
      } else if (j == fresh.size() || (i < old.size() && common[i + 1][j] >= common[i][j + 1])) {
        out.add("- " + old.get(i));
        i++;
      } else {
        out.add("+ " + fresh.get(j));
        j++;
      }
    }
  }
}
