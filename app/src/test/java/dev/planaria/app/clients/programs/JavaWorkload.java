package dev.planaria.app.clients.programs;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// The mix `repeatable` of `ledger/workload.mjs`: counters, agents, tasks, and agents that take
/// their time. Thread-safe; each slot is used by one thread.
final class JavaWorkload {

  private final String run;
  private final long seed;
  private final List<String> sessions;

  JavaWorkload(String run, long seed, List<String> sessions) {
    this.run = run;
    this.seed = seed;
    this.sessions = sessions;
  }

  /// One call.
  ///
  /// @param operation its operation id, or null when it must not be repeated
  record Call(
      String name,
      String tool,
      String session,
      @Nullable String operation,
      Map<String, Object> arguments) {}

  Slot slot(int number) {
    return new Slot(number);
  }

  /// Does one call after the other.
  final class Slot {
    private final int number;
    private final Random random;
    private final Map<String, Long> counters = new HashMap<>();
    private int calls;

    private Slot(int number) {
      this.number = number;
      this.random = new Random(seed * 1009 + number);
    }

    Call next() {
      calls++;
      String name = run + "-" + number + "-" + calls;
      String session = sessions.get(random.nextInt(sessions.size()));
      int kind = random.nextInt(100);
      if (kind < 44) {
        long value = counters.merge(session, 1L, Long::sum);
        return call(
            name,
            "memory_store",
            session,
            Map.of("namespace", "ledger", "key", run + "-" + number, "value", value));
      }
      if (kind < 50) {
        return call(name, "agent_spawn", session, Map.of("type", "worker", "name", name));
      }
      if (kind < 60) {
        return call(name, "task_create", session, Map.of("description", name));
      }
      int millis = kind < 80 ? 0 : kind < 90 ? 20 : 200;
      return call(name, "test_wait", session, Map.of("ms", millis, "name", name));
    }

    private Call call(String name, String tool, String session, Map<String, Object> own) {
      var arguments = new HashMap<>(own);
      arguments.put("session_id", session);
      arguments.put("operation_id", name);
      return new Call(name, tool, session, name, arguments);
    }
  }
}
