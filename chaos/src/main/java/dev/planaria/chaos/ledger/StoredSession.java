package dev.planaria.chaos.ledger;

import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.state.Agent;
import dev.planaria.engine.state.MemoryEntry;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.OperationCodec;
import dev.planaria.engine.state.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A session's journal as it was found in the end, indexed by what the judge asks for. Not
/// thread-safe.
public final class StoredSession {

  /// An operation of the journal.
  ///
  /// @param receipt what it was acknowledged with, if it was
  /// @param operationId under which it was asked for
  /// @param principal who asked
  /// @param epoch of the process that wrote it
  record Stored(Receipt receipt, String operationId, String principal, long epoch) {}

  private final Map<Long, Stored> bySeq = new TreeMap<>();
  private final Map<String, Long> timesByOperation = new TreeMap<>();
  private final Map<String, Long> timesMade = new HashMap<>();
  private final Map<MemoryKey, List<Long>> counters = new TreeMap<>();
  private final Map<String, TreeMap<Long, String>> leases = new HashMap<>();
  private final Set<String> operations = new HashSet<>();

  /// One without operations.
  public StoredSession() {}

  /// Takes up the next operation.
  ///
  /// @throws dev.planaria.engine.state.UndecodableException when it cannot be read
  public void add(Entry entry) {
    bySeq.put(
        entry.seq(),
        new Stored(entry.receipt(), entry.operationId(), entry.principal(), entry.epoch()));
    operations.add(entry.operationId());
    timesByOperation.merge(entry.principal() + "/" + entry.operationId(), 1L, Long::sum);
    switch (OperationCodec.decode(entry.type(), entry.body())) {
      case Operation.AgentSpawned(Agent agent) -> timesMade.merge(agent.name(), 1L, Long::sum);
      case Operation.TaskCreated(Task task) -> timesMade.merge(task.description(), 1L, Long::sum);
      case Operation.TaskClaimed(Task task, Agent _) -> leased(entry.seq(), task);
      case Operation.MemoryStored(MemoryEntry stored) -> counted(stored);
      default -> {
        // Found by its receipt alone.
      }
    }
  }

  private void leased(long seq, Task task) {
    if (task.lease() != null) {
      leases.computeIfAbsent(task.id(), _ -> new TreeMap<>()).put(seq, task.lease().token());
    }
  }

  private void counted(MemoryEntry stored) {
    @Nullable Long value = stored.value() instanceof JsonNumber number ? number.toLong() : null;
    if (value != null) {
      counters.computeIfAbsent(stored.key(), _ -> new ArrayList<>()).add(value);
    }
  }

  @Nullable Stored at(long seq) {
    return bySeq.get(seq);
  }

  /// In the order of their seqs.
  Iterable<Stored> inOrder() {
    return bySeq.values();
  }

  /// By principal and operation id.
  Map<String, Long> timesByOperation() {
    return timesByOperation;
  }

  /// True when it was done, whoever asked for it.
  boolean isDone(String operationId) {
    return operations.contains(operationId);
  }

  /// The token of the newest claim of a task before that seq, or null.
  @Nullable String leaseBefore(String task, long seq) {
    var claims = leases.get(task);
    var newest = claims == null ? null : claims.lowerEntry(seq);
    return newest == null ? null : newest.getValue();
  }

  /// How often an agent of that name, or a task of that description, was made.
  long timesMade(String name) {
    return timesMade.getOrDefault(name, 0L);
  }

  /// What each counter was set to, in order.
  Map<MemoryKey, List<Long>> counters() {
    return counters;
  }
}
