package dev.planaria.app.clients.check;

import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.session.Inspection;
import dev.planaria.engine.state.MemoryEntry;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.OperationCodec;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.UndecodableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A session's journal, indexed by what a check asks for.
final class SessionJournal {

  /// @param receipt of the operation
  /// @param operationId under which it was asked for
  /// @param timeMillis when it was decided
  record Line(Receipt receipt, String operationId, long timeMillis) {}

  private final Map<Long, Line> bySeq = new HashMap<>();
  private final Map<String, Long> byOperation = new TreeMap<>();
  private final Map<String, Long> made = new HashMap<>();
  private final Map<MemoryKey, List<Long>> counters = new TreeMap<>();

  private SessionJournal() {}

  static SessionJournal of(Inspection store, SessionId id) {
    var journal = new SessionJournal();
    store.journal(id, 1, Integer.MAX_VALUE, journal::add);
    return journal;
  }

  private void add(Entry entry) {
    bySeq.put(entry.seq(), new Line(entry.receipt(), entry.operationId(), entry.timeMillis()));
    byOperation.merge(entry.principal() + "/" + entry.operationId(), 1L, Long::sum);
    Operation operation = decode(entry);
    String name = StoreCheck.nameOf(operation);
    if (name != null) {
      made.merge(name, 1L, Long::sum);
    }
    if (operation instanceof Operation.MemoryStored(MemoryEntry stored)
        && stored.value() instanceof JsonNumber number
        && number.toLong() != null) {
      counters
          .computeIfAbsent(stored.key(), _ -> new ArrayList<>())
          .add(Objects.requireNonNull(number.toLong()));
    }
  }

  private static Operation decode(Entry entry) {
    try {
      return OperationCodec.decode(entry.type(), entry.body());
    } catch (UndecodableException e) {
      throw new AssertionError("entry " + entry.seq() + " cannot be read", e);
    }
  }

  @Nullable Line at(long seq) {
    return bySeq.get(seq);
  }

  Map<String, Long> linesByOperation() {
    return byOperation;
  }

  long timesMade(String name) {
    return made.getOrDefault(name, 0L);
  }

  Map<MemoryKey, List<Long>> counters() {
    return counters;
  }

  /// How many operations there are.
  int size() {
    return bySeq.size();
  }
}
