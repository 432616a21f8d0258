package dev.planaria.chaos.server;

import dev.planaria.chaos.report.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// Holds a diary against what the callers were told: what was done is in it once, what may have
/// been done at most once, what was not done is not in it, in the order in which each caller asked;
/// and the sum is that of all that was added.
public final class DiaryCheck {

  private DiaryCheck() {}

  /// How a server is reached.
  public enum Way {
    /// By pipes: what came first is done first, answered or not.
    PIPES,
    /// By connections, one of which may be slower than the next: a call whose outcome is unknown
    /// may be done late, and has no place in the order.
    CONNECTIONS
  }

  /// Checks a server that is reached by pipes.
  ///
  /// @return what is wrong; empty when nothing is
  public static List<Violation> run(List<Told> told, Diary diary, long sum, boolean lossTold) {
    return run(told, diary, sum, lossTold, Way.PIPES);
  }

  /// Checks.
  ///
  /// @param told all calls, those of one caller in the order in which it made them
  /// @param sum what the server says in the end
  /// @param lossTold true when the callers were told that something in its memory is lost
  /// @param way how the server is reached
  /// @return what is wrong; empty when nothing is
  public static List<Violation> run(
      List<Told> told, Diary diary, long sum, boolean lossTold, Way way) {
    var violations = new ArrayList<Violation>();
    var times = new HashMap<String, Integer>();
    diary.effects().forEach(effect -> times.merge(effect, 1, Integer::sum));
    for (Told call : told) {
      if (call.ending() == Told.Ending.NO_ANSWER) {
        violations.add(
            new Violation(Violation.Kind.STUCK, call.operationId() + " had no answer in time"));
      }
      if (call.kind() == Told.Kind.EFFECT) {
        effect(call, times.getOrDefault(call.operationId(), 0), violations);
      }
    }
    order(told, diary, way, violations);
    sum(told, sum, lossTold, violations);
    return violations;
  }

  private static void effect(Told call, int times, List<Violation> violations) {
    String id = call.operationId();
    if (times > 1) {
      violations.add(
          new Violation(
              Violation.Kind.DUPLICATED, "the effect " + id + " ran " + times + " times"));
    }
    if (times == 0 && call.ending() == Told.Ending.DONE) {
      violations.add(
          new Violation(Violation.Kind.LOST, id + " was told to be done, and never ran"));
    }
    if (times > 0 && call.ending() == Told.Ending.NOT_RUN) {
      violations.add(
          new Violation(Violation.Kind.CHANGED, id + " was told not to have run, and ran"));
    }
  }

  private static void order(List<Told> told, Diary diary, Way way, List<Violation> violations) {
    var late = new HashSet<String>();
    told.stream()
        .filter(call -> way == Way.CONNECTIONS && call.ending() == Told.Ending.UNKNOWN)
        .forEach(call -> late.add(call.operationId()));
    var asked = new HashMap<String, Integer>();
    var callers = new HashMap<String, Integer>();
    for (int i = 0; i < told.size(); i++) {
      asked.put(told.get(i).operationId(), i);
      callers.put(told.get(i).operationId(), told.get(i).caller());
    }
    Map<Integer, String> last = new HashMap<>();
    for (String effect : diary.effects()) {
      Integer caller = callers.get(effect);
      if (caller == null) {
        violations.add(
            new Violation(Violation.Kind.CHANGED, "the effect " + effect + " was never asked for"));
        continue;
      }
      if (late.contains(effect)) {
        continue;
      }
      String before = last.put(caller, effect);
      if (before != null && asked.getOrDefault(before, 0) > asked.getOrDefault(effect, 0)) {
        violations.add(new Violation(Violation.Kind.REORDERED, effect + " ran after " + before));
      }
    }
  }

  private static void sum(List<Told> told, long sum, boolean lossTold, List<Violation> violations) {
    long least = 0;
    long most = 0;
    for (Told call : told) {
      switch (call.ending()) {
        case DONE -> {
          least += call.amount();
          most += call.amount();
        }
        case UNKNOWN, NO_ANSWER -> most += call.amount();
        case NOT_RUN -> {
          // It counts for nothing.
        }
      }
    }
    if (sum < least && !lossTold) {
      violations.add(
          new Violation(
              Violation.Kind.LOST, "the sum is " + sum + ", at least " + least + " was added"));
    }
    if (sum > most) {
      violations.add(
          new Violation(
              Violation.Kind.DUPLICATED, "the sum is " + sum + ", at most " + most + " was added"));
    }
  }
}
