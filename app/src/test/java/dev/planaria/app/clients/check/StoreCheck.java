package dev.planaria.app.clients.check;

import static dev.planaria.app.clients.check.Violation.Kind.DUPLICATED;
import static dev.planaria.app.clients.check.Violation.Kind.LOST;
import static dev.planaria.app.clients.check.Violation.Kind.REORDERED;
import static dev.planaria.app.clients.check.Violation.Kind.UNSOUND;

import dev.planaria.app.clients.ledger.CallLife;
import dev.planaria.app.clients.ledger.ClientEvent;
import dev.planaria.engine.integrity.VerificationReport;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.session.Inspection;
import dev.planaria.engine.state.Agent;
import dev.planaria.engine.state.MemoryEntry;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Holds ledgers against the store of a daemon that has ended: everything acknowledged is there,
/// once, in order, and the store is sound.
///
/// Order is judged twice: a call that was acknowledged before another was sent must stand before it
/// in its session, and each counter must have been set to 1, 2, 3, ... without a gap or a repeat.
public final class StoreCheck {

  private final Verdict.Findings findings = new Verdict.Findings();

  private StoreCheck() {}

  /// Checks a whole store against all calls that were made on it.
  ///
  /// @param data the data directory, which no daemon serves
  public static Verdict run(Path data, List<CallLife> calls) {
    var check = new StoreCheck();
    try (Inspection store = Inspection.open(data)) {
      check.verify(store.verify(VerificationReport.Scope.EVERYTHING, System::nanoTime));
      calls.stream()
          .collect(
              Collectors.groupingBy(
                  call -> call.sent().session(), TreeMap::new, Collectors.toList()))
          .forEach((session, own) -> check.session(store, SessionId.parse(session), own));
    }
    return check.findings.verdict();
  }

  /// How many of these calls, whose promises were rejected, had been done by then all the same.
  public static long doneBefore(Path data, List<CallLife> calls) {
    try (Inspection store = Inspection.open(data)) {
      var journals = new HashMap<String, SessionJournal>();
      return calls.stream()
          .filter(call -> {
            SessionJournal journal =
                journals.computeIfAbsent(
                    call.sent().session(),
                    session -> SessionJournal.of(store, SessionId.parse(session)));
            SessionJournal.Line line =
                journal.at(Objects.requireNonNull(call.acknowledged()).receipt().seq());
            long rejectedAt = Objects.requireNonNull(call.failed()).atMicros() / 1000;
            return line != null && line.timeMillis() < rejectedAt;
          })
          .count();
    }
  }

  private void verify(VerificationReport report) {
    report.findings().forEach(finding -> findings.add(UNSOUND, finding.sentence()));
  }

  private void session(Inspection store, SessionId id, List<CallLife> calls) {
    SessionJournal journal = SessionJournal.of(store, id);
    SessionState state = store.view(id, System::nanoTime).state();
    calls.forEach(call -> call(journal, state, call));
    receiptsAreDistinct(calls);
    operationIdsAreDistinct(journal);
    order(calls);
    journal.counters().forEach(this::counter);
    lastValues(journal, state);
  }

  private void call(SessionJournal journal, SessionState state, CallLife call) {
    ClientEvent.Acknowledged acknowledged = call.acknowledged();
    if (acknowledged != null) {
      SessionJournal.Line line = journal.at(acknowledged.receipt().seq());
      if (line == null || !line.receipt().equals(acknowledged.receipt())) {
        findings.add(LOST, call.name() + ": the store does not hold " + acknowledged.receipt());
      } else if (call.sent().operation() != null
          && !call.sent().operation().equals(line.operationId())) {
        findings.add(LOST, call.name() + ": its receipt is that of " + line.operationId());
      }
      made(state, call, acknowledged);
    }
    long times = journal.timesMade(call.name());
    if (times > 1) {
      findings.add(DUPLICATED, call.name() + ": made " + times + " times");
    }
    if (times == 0 && acknowledged != null && makesSomething(call)) {
      findings.add(LOST, call.name() + ": acknowledged, but never made");
    }
  }

  private static boolean makesSomething(CallLife call) {
    return switch (call.sent().tool()) {
      case "agent_spawn", "task_create", "test_wait" -> true;
      default -> false;
    };
  }

  private void made(SessionState state, CallLife call, ClientEvent.Acknowledged acknowledged) {
    if (acknowledged.agentId() != null && makesSomething(call)) {
      @Nullable Agent agent = state.agents().get(acknowledged.agentId());
      if (agent == null || !agent.name().equals(call.name())) {
        findings.add(LOST, call.name() + ": its agent is " + agent);
      }
    }
    if (acknowledged.taskId() != null) {
      @Nullable Task task = state.tasks().get(acknowledged.taskId());
      if (task == null || !task.description().equals(call.name())) {
        findings.add(LOST, call.name() + ": its task is " + task);
      }
    }
  }

  private void receiptsAreDistinct(List<CallLife> calls) {
    var bySeq = new HashMap<Long, String>();
    for (CallLife call : calls) {
      if (call.acknowledged() != null) {
        String other = bySeq.put(call.acknowledged().receipt().seq(), call.name());
        if (other != null) {
          findings.add(LOST, call.name() + " and " + other + " have receipts of the same seq");
        }
      }
    }
  }

  private void operationIdsAreDistinct(SessionJournal journal) {
    journal
        .linesByOperation()
        .forEach((operation, lines) -> {
          if (lines > 1) {
            findings.add(DUPLICATED, operation + ": journalled " + lines + " times");
          }
        });
  }

  /// What was acknowledged before a call was sent stands before it.
  private void order(List<CallLife> calls) {
    var acknowledged = new ArrayList<ClientEvent.Acknowledged>();
    var sent = new ArrayList<CallLife>();
    for (CallLife call : calls) {
      if (call.acknowledged() != null) {
        acknowledged.add(call.acknowledged());
        sent.add(call);
      }
    }
    acknowledged.sort(Comparator.comparingLong(ClientEvent.Acknowledged::atMicros));
    sent.sort(Comparator.comparingLong(call -> call.sent().atMicros()));
    int next = 0;
    long highest = 0;
    for (CallLife call : sent) {
      while (next < acknowledged.size()
          && acknowledged.get(next).atMicros() < call.sent().atMicros()) {
        highest = Math.max(highest, acknowledged.get(next).receipt().seq());
        next++;
      }
      long seq = Objects.requireNonNull(call.acknowledged()).receipt().seq();
      if (seq < highest) {
        findings.add(
            REORDERED,
            call.name() + ": has seq " + seq + ", but was sent after " + highest + " was known");
      }
    }
  }

  private void counter(MemoryKey key, List<Long> values) {
    for (int i = 0; i < values.size(); i++) {
      long value = values.get(i);
      if (value < i + 1) {
        findings.add(DUPLICATED, key + ": set to " + value + " again or late: " + values);
        return;
      }
      if (value > i + 1) {
        // Whether a value is missing because nobody acknowledged it, the call itself tells.
        findings.add(REORDERED, key + ": set to " + value + " after " + i + " others: " + values);
        return;
      }
    }
  }

  private void lastValues(SessionJournal journal, SessionState state) {
    for (Map.Entry<MemoryKey, List<Long>> counter : journal.counters().entrySet()) {
      @Nullable MemoryEntry entry = state.memory().get(counter.getKey());
      if (entry == null || !entry.value().equals(JsonNumber.of(counter.getValue().getLast()))) {
        findings.add(LOST, counter.getKey() + ": the state has " + entry);
      }
    }
  }

  /// The name by which the workload knows what an operation made, or null.
  static @Nullable String nameOf(Operation operation) {
    return switch (operation) {
      case Operation.AgentSpawned(Agent agent) -> agent.name();
      case Operation.TaskCreated(Task task) -> task.description();
      default -> null;
    };
  }
}
