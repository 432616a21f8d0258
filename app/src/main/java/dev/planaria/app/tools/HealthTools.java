package dev.planaria.app.tools;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.json.WireName;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRun;
import dev.planaria.engine.session.SessionView;
import dev.planaria.engine.state.Agent;
import dev.planaria.engine.state.AgentStatus;
import dev.planaria.engine.state.Call;
import dev.planaria.engine.state.CallStatus;
import dev.planaria.engine.state.Connection;
import dev.planaria.engine.state.ConnectionStatus;
import dev.planaria.engine.state.Lease;
import dev.planaria.engine.state.Limits;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.SessionStatus;
import dev.planaria.engine.state.Standstill;
import dev.planaria.engine.state.Task;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/// The tool that says how well a session is, component by component: nothing is ever stuck without
/// a reason that can be read.
final class HealthTools {
  /// A busy agent that was not heard of for so long is worth a look. Nothing is done to it: quiet
  /// is not dead.
  private static final long SILENT_MILLIS = 600_000;

  /// Share of a limit from which on it is told that it will be reached.
  private static final double NEAR = 0.8;

  /// So many tasks that cannot move are named; the rest is counted.
  private static final int STUCK_SHOWN = 10;

  private final Sessions sessions;
  private final Limits limits;
  private final LongSupplier nowMillis;

  HealthTools(Sessions sessions, Limits limits, LongSupplier nowMillis) {
    this.sessions = sessions;
    this.limits = limits;
    this.nowMillis = nowMillis;
  }

  List<Tool> tools() {
    return List.of(health());
  }

  /// How well a component is, worst last.
  private enum Wellness {
    OK,
    WARN,
    FAIL
  }

  private record Check(String component, Wellness status, String reason) {
    JsonObject toJson() {
      return JsonObject.builder()
          .put("component", component)
          .put("status", WireName.of(status))
          .put("reason", reason)
          .build();
    }
  }

  private Tool health() {
    JsonObject check =
        Schema.members()
            .must("component", Schema.text("What was checked"))
            .must("status", Schema.choice("How well it is", Wellness.class))
            .must("reason", Schema.text("Why, in a sentence"))
            .part("A check");
    return new Tool(
        "session_health",
        "How well a session is",
        "Checks the store, the session, its recovery, agents, tasks and memory, each with a"
            + " reason.",
        new Tool.Signature(
            Shapes.reading().arguments(),
            Schema.members()
                .must("session_id", Schema.text("The session"))
                .must("status", Schema.choice("The worst of the checks", Wellness.class))
                .must("checks", Schema.list("The checks", check))
                .result()),
        Tool.Hints.READ,
        this::examined);
  }

  private ToolResult examined(ToolCall call) {
    SessionView view = sessions.view(call);
    SessionState state = view.state();
    List<Check> checks =
        List.of(
            store(),
            session(state),
            recovery(sessions.engine().recoveries(state.id(), 1)),
            others(sessions.engine().recoveryRuns(1)),
            agents(state),
            tasks(state),
            connections(state),
            calls(state),
            memory(state));
    Wellness worst =
        checks.stream().map(Check::status).max(Wellness::compareTo).orElse(Wellness.OK);
    List<JsonValue> shown = checks.stream().<JsonValue>map(Check::toJson).toList();
    return ToolResult.of(
        state.id(),
        JsonObject.builder()
            .put("session_id", state.id().toString())
            .put("status", WireName.of(worst))
            .put("checks", new JsonArray(shown))
            .build(),
        "session "
            + state.id()
            + ": "
            + WireName.of(worst)
            + checks.stream()
                .map(check ->
                    "\n"
                        + check.component()
                        + " "
                        + WireName.of(check.status())
                        + ": "
                        + check.reason())
                .collect(Collectors.joining()));
  }

  private Check store() {
    try {
      sessions.engine().probe();
      return new Check("store", Wellness.OK, "the journal writer answers");
    } catch (RuntimeException e) {
      return new Check("store", Wellness.FAIL, "the journal writer does not: " + e.getMessage());
    }
  }

  private static Check session(SessionState state) {
    return state.status() == SessionStatus.ACTIVE
        ? new Check("session", Wellness.OK, "it takes commands")
        : new Check(
            "session",
            state.status() == SessionStatus.QUARANTINED ? Wellness.FAIL : Wellness.WARN,
            "it takes no commands, since it is " + WireName.of(state.status()));
  }

  private static Check recovery(List<RecoveryRecord> records) {
    if (records.isEmpty()) {
      return new Check("recovery", Wellness.OK, "it never had to be recovered");
    }
    RecoveryRecord last = records.getFirst();
    if (!last.success()) {
      return new Check("recovery", Wellness.FAIL, "the last one failed: " + last.reason());
    }
    return last.loss().isEmpty()
        ? new Check("recovery", Wellness.OK, "the last one lost nothing")
        : new Check("recovery", Wellness.WARN, "in the last one it " + last.loss());
  }

  /// The recovery of all sessions: each that waits is brought back by the first who asks for it.
  private static Check others(List<RecoveryRun> runs) {
    if (runs.isEmpty()) {
      return new Check("recovery_of_all", Wellness.OK, "nothing had to be recovered");
    }
    RecoveryRun run = runs.getFirst();
    if (!run.finished()) {
      return new Check("recovery_of_all", Wellness.WARN, Words.progress(run));
    }
    return run.sessionsFailed() == 0
        ? new Check(
            "recovery_of_all",
            Wellness.OK,
            "all " + run.sessionsRecovered() + " sessions of the last crash were recovered")
        : new Check(
            "recovery_of_all",
            Wellness.WARN,
            run.sessionsFailed()
                + " of "
                + (run.sessionsRecovered() + run.sessionsFailed())
                + " sessions of the last crash are quarantined; planaria sessions names them");
  }

  private Check agents(SessionState state) {
    long now = nowMillis.getAsLong();
    List<Agent> silent =
        state.agents().values().stream()
            .filter(agent -> agent.status() == AgentStatus.BUSY)
            .filter(agent -> now - agent.lastHeartbeatMillis() > SILENT_MILLIS)
            .toList();
    return silent.isEmpty()
        ? new Check("agents", Wellness.OK, "every busy agent was heard of lately")
        : new Check(
            "agents",
            Wellness.WARN,
            "busy, and not heard of for "
                + SILENT_MILLIS / 60_000
                + " minutes: "
                + Words.ids(silent, Agent::id));
  }

  private Check tasks(SessionState state) {
    long now = nowMillis.getAsLong();
    List<Task> overdue =
        state.tasks().values().stream()
            .filter(task -> {
              Lease lease = task.lease();
              return lease != null && lease.expiresAtMillis() < now;
            })
            .toList();
    if (!overdue.isEmpty()) {
      return new Check(
          "tasks",
          Wellness.WARN,
          "their lease has run out, they go back to the board: " + Words.ids(overdue, Task::id));
    }
    Standstill standstill = Standstill.in(state);
    if (standstill.stuck().isEmpty()) {
      return new Check("tasks", Wellness.OK, "no lease has run out, and every open task can move");
    }
    return new Check(
        "tasks",
        standstill.isComplete() ? Wellness.FAIL : Wellness.WARN,
        (standstill.isComplete() ? "deadlock, nothing can move: " : "some cannot move: ")
            + standstill.stuck().stream()
                .limit(STUCK_SHOWN)
                .map(stuck ->
                    stuck.taskId()
                        + " "
                        + stuck.reason()
                        + " (for "
                        + Math.max(0, now - stuck.sinceMillis()) / 1_000
                        + " s)")
                .collect(Collectors.joining("; "))
            + (standstill.stuck().size() > STUCK_SHOWN
                ? "; and " + (standstill.stuck().size() - STUCK_SHOWN) + " more"
                : "")
            + "; agent_heartbeat brings an agent back, agent_retire puts its tasks back on the"
            + " board, agent_spawn adds one");
  }

  private Check connections(SessionState state) {
    long now = nowMillis.getAsLong();
    List<Connection> away =
        state.connections().values().stream()
            .filter(connection -> connection.status() != ConnectionStatus.CONNECTED)
            .toList();
    if (away.isEmpty()) {
      return new Check("connections", Wellness.OK, "every server is connected");
    }
    boolean lost =
        away.stream().anyMatch(connection -> connection.standing().lostSinceMillis() != null);
    return new Check(
        "connections",
        lost ? Wellness.FAIL : Wellness.WARN,
        "not connected: "
            + away.stream()
                .limit(STUCK_SHOWN)
                .map(connection ->
                    connection.id()
                        + " is "
                        + WireName.of(connection.status())
                        + " (for "
                        + seconds(now - connection.standing().sinceMillis())
                        + "): "
                        + connection.standing().reason())
                .collect(Collectors.joining("; ")));
  }

  private Check calls(SessionState state) {
    long now = nowMillis.getAsLong();
    List<Call> waiting =
        state.calls().values().stream().filter(call -> call.status().isWaiting()).toList();
    long unknown =
        state.calls().values().stream().filter(call -> call.status() == CallStatus.UNKNOWN).count();
    if (waiting.isEmpty() && unknown == 0) {
      return new Check("calls", Wellness.OK, "no call waits, and none is of unknown outcome");
    }
    long oldest = waiting.stream().mapToLong(Call::acceptedAtMillis).min().orElse(now);
    return new Check(
        "calls",
        Wellness.WARN,
        waiting.size()
            + " wait for their server"
            + (waiting.isEmpty() ? "" : " (the oldest for " + seconds(now - oldest) + ")")
            + ", "
            + unknown
            + " are of unknown outcome; planaria calls names them");
  }

  private static String seconds(long millis) {
    return Math.max(0, millis) / 1_000 + " s";
  }

  private Check memory(SessionState state) {
    double bytes = (double) state.memoryBytes() / limits.memoryBytes();
    double entries = (double) state.memory().size() / limits.memoryEntries();
    double share = Math.max(bytes, entries);
    String used =
        Math.round(share * 100)
            + " % of the limit "
            + (bytes >= entries ? "in bytes" : "in entries");
    return new Check("memory", share >= NEAR ? Wellness.WARN : Wellness.OK, used);
  }
}
