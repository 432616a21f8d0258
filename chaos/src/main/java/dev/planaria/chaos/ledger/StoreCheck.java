package dev.planaria.chaos.ledger;

import dev.planaria.chaos.report.Violation;
import dev.planaria.engine.integrity.VerificationReport;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.session.Inspection;
import dev.planaria.engine.state.MemoryEntry;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Holds a ledger against the store of a daemon that has ended: the store is sound, each session's
/// journal holds what its callers were told, and its state what its journal says.
public final class StoreCheck {

  private StoreCheck() {}

  /// Checks the whole store, and each session that stands in the ledger.
  ///
  /// @param store the store, which no daemon serves
  /// @param lines all calls that were made on it, after all of them have ended
  /// @param nanoTime a monotonic clock
  /// @return what is wrong; empty when nothing is
  public static List<Violation> run(Inspection store, List<Line> lines, LongSupplier nanoTime) {
    var violations = new ArrayList<Violation>();
    store
        .verify(VerificationReport.Scope.EVERYTHING, nanoTime)
        .findings()
        .forEach(found -> violations.add(new Violation(Violation.Kind.UNSOUND, found.sentence())));
    var bySession = new LinkedHashMap<SessionId, List<Line>>();
    for (Line line : lines) {
      bySession.computeIfAbsent(line.ask().session(), _ -> new ArrayList<>()).add(line);
    }
    bySession.forEach((session, own) -> {
      var stored = new StoredSession();
      try {
        store.journal(session, 1, Integer.MAX_VALUE, stored::add);
        lastValues(stored, store.view(session, nanoTime).state(), violations);
      } catch (DamagedException damaged) {
        violations.add(
            new Violation(
                Violation.Kind.UNSOUND, "the store cannot be read: " + damaged.getMessage()));
      }
      violations.addAll(LedgerCheck.run(own, stored));
    });
    return List.copyOf(violations);
  }

  private static void lastValues(
      StoredSession stored, SessionState state, List<Violation> violations) {
    for (Map.Entry<MemoryKey, List<Long>> counter : stored.counters().entrySet()) {
      @Nullable MemoryEntry entry = state.memory().get(counter.getKey());
      long last = counter.getValue().getLast();
      if (entry == null || !entry.value().equals(JsonNumber.of(last))) {
        violations.add(
            new Violation(
                Violation.Kind.LOST,
                "counter " + counter.getKey().key() + " was set to " + last + ", and is " + entry));
      }
    }
  }
}
