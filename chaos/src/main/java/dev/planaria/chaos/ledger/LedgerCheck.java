package dev.planaria.chaos.ledger;

import static dev.planaria.chaos.report.Violation.Kind.DUPLICATED;
import static dev.planaria.chaos.report.Violation.Kind.LOST;
import static dev.planaria.chaos.report.Violation.Kind.REORDERED;
import static dev.planaria.chaos.report.Violation.Kind.STUCK;
import static dev.planaria.chaos.report.Violation.Kind.UNFENCED;

import dev.planaria.chaos.report.Violation;
import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.state.MemoryKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Holds the ledger of a session against its journal: everything acknowledged is there, once, in
/// order, written by whoever had the right to, and nobody waits for an answer any more. Pure.
public final class LedgerCheck {

  private final StoredSession stored;
  private final List<Violation> violations = new ArrayList<>();

  private LedgerCheck(StoredSession stored) {
    this.stored = stored;
  }

  /// Checks one session.
  ///
  /// @param lines the calls that were sent to it, after all of them have ended
  /// @param stored its journal
  /// @return what is wrong; empty when nothing is
  public static List<Violation> run(List<Line> lines, StoredSession stored) {
    var check = new LedgerCheck(stored);
    lines.forEach(check::line);
    lines.forEach(check::leaseIsPresent);
    check.receiptsAreDistinct(lines);
    check.operationIdsAreDistinct();
    check.nothingWasDoneUnasked(lines);
    check.orderIsKept(lines);
    check.epochsNeverFall();
    stored.counters().forEach(check::counter);
    return List.copyOf(check.violations);
  }

  private void line(Line line) {
    switch (line.outcome()) {
      case Outcome.Acknowledged(Receipt receipt) -> held(line.ask(), receipt);
      case Outcome.Open() -> add(STUCK, line.ask(), "has no answer");
      case Outcome.Stuck(String reason) -> add(STUCK, line.ask(), "has no answer: " + reason);
      case Outcome.Refused(String reason) -> refused(line, reason);
      case Outcome.Unknown _ -> {
        // An answer; what was made all the same was made once, as is seen below.
      }
    }
    String name = name(line.ask().mark());
    if (name != null) {
      made(line, name);
    }
  }

  /// Whoever is told that it was not done does it again, under another id. What was sent more than
  /// once may have been done the first time.
  private void refused(Line line, String reason) {
    if (line.attempts() == 1 && stored.isDone(line.ask().operationId())) {
      add(DUPLICATED, line.ask(), "was refused, and is done all the same: " + reason);
    }
  }

  /// Who works on a task shows the token of its newest claim; who shows an older one has lost it.
  private void leaseIsPresent(Line line) {
    if (line.outcome() instanceof Outcome.Acknowledged(Receipt receipt)
        && line.ask().arguments().get("lease_token") instanceof JsonString(String shown)
        && line.ask().arguments().get("task_id") instanceof JsonString(String task)) {
      String present = stored.leaseBefore(task, receipt.seq());
      if (!shown.equals(present)) {
        add(UNFENCED, line.ask(), "was done with a lease that was not the present one of " + task);
      }
    }
  }

  private void held(Ask ask, Receipt receipt) {
    StoredSession.Stored found = stored.at(receipt.seq());
    if (found == null || !found.receipt().equals(receipt)) {
      add(LOST, ask, "was acknowledged with " + receipt + ", which the session does not hold");
    } else if (!ask.anonymous() && !found.operationId().equals(ask.operationId())) {
      add(LOST, ask, "was given the receipt of " + found.operationId());
    }
  }

  private static @Nullable String name(Mark mark) {
    return switch (mark) {
      case Mark.AgentNamed(String name) -> name;
      case Mark.TaskDescribed(String description) -> description;
      case Mark.Counted _, Mark.ReceiptOnly _ -> null;
    };
  }

  private void made(Line line, String name) {
    long times = stored.timesMade(name);
    if (times > 1) {
      add(DUPLICATED, line.ask(), "was done " + times + " times");
    }
    if (times == 0 && line.isAcknowledged()) {
      add(LOST, line.ask(), "was acknowledged and never done");
    }
  }

  private void receiptsAreDistinct(List<Line> lines) {
    var bySeq = new HashMap<Long, Ask>();
    for (Line line : lines) {
      if (line.outcome() instanceof Outcome.Acknowledged(Receipt receipt)) {
        Ask other = bySeq.put(receipt.seq(), line.ask());
        if (other != null) {
          add(LOST, line.ask(), "has the seq of " + other.operationId() + ", " + receipt.seq());
        }
      }
    }
  }

  private void operationIdsAreDistinct() {
    stored
        .timesByOperation()
        .forEach((operation, times) -> {
          if (times > 1) {
            violations.add(
                new Violation(
                    DUPLICATED, operation + " stands " + times + " times in the journal"));
          }
        });
  }

  /// Whoever kept the ledger was alone in the session, so what was done in his name was asked for;
  /// what was done under an id that he does not know was done a second time. Of an anonymous call
  /// he knows the receipt, or, without one, only that it may have been done.
  private void nothingWasDoneUnasked(List<Line> lines) {
    var asked = new HashSet<String>();
    var acknowledged = new HashSet<Long>();
    long open = 0;
    for (Line line : lines) {
      if (!line.ask().anonymous()) {
        asked.add(line.ask().operationId());
      } else if (line.isAcknowledged()) {
        acknowledged.add(seq(line));
      } else {
        open += line.outcome() instanceof Outcome.Refused ? 0 : 1;
      }
    }
    var principals = new HashSet<String>();
    var others = new ArrayList<StoredSession.Stored>();
    for (StoredSession.Stored one : stored.inOrder()) {
      long seq = one.receipt().seq();
      if (asked.contains(one.operationId()) || acknowledged.contains(seq)) {
        principals.add(one.principal());
      } else if (seq > 1) { // the first one is the session's beginning
        others.add(one);
      }
    }
    others.removeIf(one -> !principals.contains(one.principal()));
    others.stream()
        .skip(open)
        .forEach(one ->
            violations.add(
                new Violation(
                    DUPLICATED,
                    one.operationId() + " was done, and nobody asked for it under that id")));
  }

  /// What was acknowledged before another call was sent stands before that one.
  private void orderIsKept(List<Line> lines) {
    var bySending = new ArrayList<Line>();
    lines.stream().filter(Line::isAcknowledged).forEach(bySending::add);
    var byEnd = new ArrayList<>(bySending);
    bySending.sort(Comparator.comparingLong(Line::sentAtNanos));
    byEnd.sort(Comparator.comparingLong(Line::endedAtNanos));
    int next = 0;
    long highest = 0;
    for (Line line : bySending) {
      while (next < byEnd.size() && byEnd.get(next).endedAtNanos() < line.sentAtNanos()) {
        highest = Math.max(highest, seq(byEnd.get(next)));
        next++;
      }
      if (seq(line) < highest) {
        add(
            REORDERED,
            line.ask(),
            "has seq " + seq(line) + ", and was sent when " + highest + " was acknowledged");
      }
    }
  }

  private static long seq(Line line) {
    return line.outcome() instanceof Outcome.Acknowledged(Receipt receipt) ? receipt.seq() : 0;
  }

  /// Whoever opens the store raises the epoch; what is written under an older one behind a newer
  /// one was written by a process that had lost its right to.
  private void epochsNeverFall() {
    long highest = 0;
    for (StoredSession.Stored one : stored.inOrder()) {
      if (one.epoch() < highest) {
        violations.add(
            new Violation(
                UNFENCED,
                one.operationId()
                    + " was written under epoch "
                    + one.epoch()
                    + " behind one of epoch "
                    + highest));
      }
      highest = Math.max(highest, one.epoch());
    }
  }

  private void counter(MemoryKey key, List<Long> values) {
    var seen = new HashSet<Long>();
    long highest = 0;
    for (long value : values) {
      if (!seen.add(value)) {
        violations.add(
            new Violation(DUPLICATED, "counter " + key.key() + " was set to " + value + " again"));
      } else if (value < highest) {
        violations.add(
            new Violation(
                REORDERED, "counter " + key.key() + " was set to " + value + " behind " + highest));
      }
      highest = Math.max(highest, value);
    }
  }

  private void add(Violation.Kind kind, Ask ask, String what) {
    violations.add(new Violation(kind, ask.tool() + " " + ask.operationId() + " " + what));
  }

  /// How many of each kind stand in a list, in words: `2 lost, 1 stuck`; `nothing` for none.
  public static String summary(List<Violation> violations) {
    Map<Violation.Kind, Long> counts = new EnumMap<>(Violation.Kind.class);
    violations.forEach(one -> counts.merge(one.kind(), 1L, Long::sum));
    return counts.isEmpty() ? "nothing" : counts.toString();
  }
}
