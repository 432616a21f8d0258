package dev.planaria.app.clients.check;

import dev.planaria.app.clients.ledger.CallLife;
import dev.planaria.app.clients.ledger.ClientEvent;
import dev.planaria.chaos.ledger.StoreCheck;
import dev.planaria.chaos.report.Violation;
import dev.planaria.engine.session.Inspection;
import dev.planaria.engine.state.Agent;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Holds what a real client was told against the store of a daemon that has ended: what
/// [StoreCheck] looks at, and that each id it was given is that of what it had asked for.
public final class ClientCheck {

  private ClientCheck() {}

  /// Checks a whole store against all calls that were made on it.
  ///
  /// @param data the data directory, which no daemon serves
  public static List<Violation> run(Path data, List<CallLife> calls) {
    try (Inspection store = Inspection.open(data)) {
      var violations =
          new ArrayList<>(
              StoreCheck.run(store, calls.stream().map(CallLife::line).toList(), System::nanoTime));
      var states = new HashMap<Object, SessionState>();
      for (CallLife call : calls) {
        if (call.acknowledged() != null) {
          SessionState state =
              states.computeIfAbsent(
                  call.line().ask().session(),
                  _ -> store.view(call.line().ask().session(), System::nanoTime).state());
          ids(call, call.acknowledged(), state, violations);
        }
      }
      return violations;
    }
  }

  private static void ids(
      CallLife call,
      ClientEvent.Acknowledged told,
      SessionState state,
      List<Violation> violations) {
    boolean makesAgent = !call.line().ask().tool().equals("agent_retire");
    if (told.agentId() != null && makesAgent) {
      @Nullable Agent agent = state.agents().get(told.agentId());
      if (agent == null || !agent.name().equals(call.name())) {
        lost(violations, call.name() + ": its agent is " + agent);
      }
    }
    if (told.taskId() != null) {
      @Nullable Task task = state.tasks().get(told.taskId());
      if (task == null || !task.description().equals(call.name())) {
        lost(violations, call.name() + ": its task is " + task);
      }
    }
  }

  private static void lost(List<Violation> violations, String sentence) {
    violations.add(new Violation(Violation.Kind.LOST, sentence));
  }

  /// How many of these calls, whose promises were rejected, had been done by then all the same.
  public static long doneBefore(Path data, List<CallLife> calls) {
    try (Inspection store = Inspection.open(data)) {
      var decidedAtMillis = new HashMap<String, Long>();
      calls.stream()
          .map(call -> call.line().ask().session())
          .distinct()
          .forEach(session ->
              store.journal(
                  session,
                  1,
                  Integer.MAX_VALUE,
                  entry -> decidedAtMillis.put(entry.operationId(), entry.timeMillis())));
      return calls.stream().filter(call -> wasDoneBeforeItFailed(call, decidedAtMillis)).count();
    }
  }

  private static boolean wasDoneBeforeItFailed(CallLife call, Map<String, Long> decidedAtMillis) {
    @Nullable Long decided = decidedAtMillis.get(call.name());
    return decided != null && decided < Objects.requireNonNull(call.failedAtMicros()) / 1000;
  }
}
