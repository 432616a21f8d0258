package dev.planaria.app.health;

import dev.planaria.app.alerts.Patience;
import dev.planaria.app.alerts.Patience.Outcome;
import dev.planaria.app.alerts.Readings;
import dev.planaria.engine.json.WireName;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRun;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.session.SessionView;
import dev.planaria.engine.state.Agent;
import dev.planaria.engine.state.AgentStatus;
import dev.planaria.engine.state.Call;
import dev.planaria.engine.state.CallBoard;
import dev.planaria.engine.state.CallStatus;
import dev.planaria.engine.state.Connection;
import dev.planaria.engine.state.ConnectionStatus;
import dev.planaria.engine.state.Lease;
import dev.planaria.engine.state.Limits;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.SessionStatus;
import dev.planaria.engine.state.Standstill;
import dev.planaria.engine.state.Tally;
import dev.planaria.engine.state.Task;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/// The components of one session: nothing is ever stuck without a reason that can be read.
public final class SessionChecks {
  /// A busy agent that was not heard of for so long is worth a look. Nothing is done to it: quiet
  /// is not dead.
  private static final long SILENT_MILLIS = 600_000;

  /// Share of a limit from which on it is told that it will be reached.
  private static final double NEAR = 0.8;

  /// So many tasks that cannot move are named; the rest is counted.
  private static final int STUCK_SHOWN = 10;

  /// The same for ids alone.
  private static final int IDS_SHOWN = 20;

  /// Of calls that ended, so large a share without a result is worth a look.
  private static final double ERRORS = 0.1;

  private SessionChecks() {}

  /// All components, always in the same order.
  public static List<Check> of(
      SessionEngine engine, Patience patience, SessionView view, Limits limits, long nowMillis) {
    SessionState state = view.state();
    return List.of(
        store(engine, patience),
        session(state),
        read("recovery", patience, () -> recovery(engine.recoveries(state.id(), 1))),
        read("recovery_of_all", patience, () -> others(engine.recoveryRuns(1))),
        agents(state, nowMillis),
        tasks(state, nowMillis),
        connections(state, nowMillis),
        calls(state, nowMillis),
        memory(state, limits));
  }

  /// What may become a fault of a session.
  public static List<Risk> risks(SessionState state, Limits limits) {
    double queue = 0;
    for (CallBoard.Line line : state.indexes().calls().lines().values()) {
      queue = Math.max(queue, (double) line.open().size() / limits.calls().queued());
      queue = Math.max(queue, (double) line.openBytes() / (double) limits.calls().queuedBytes());
    }
    Tally<CallStatus> calls = state.indexes().calls().counts();
    int bad = calls.count(CallStatus.FAILED) + calls.count(CallStatus.UNKNOWN);
    int ended = bad + calls.count(CallStatus.COMPLETED);
    Double errors = ended == 0 ? null : (Double) ((double) bad / ended);
    return List.of(
        Risk.share("memory_pressure", filled(state, limits), NEAR, "the room for memory"),
        Risk.share("backlog", queue, NEAR, "the fullest queue"),
        Risk.above(
            "error_rate",
            errors,
            "ratio",
            ERRORS,
            errors == null ? "outcome of a call" : bad + " of " + ended + " calls have no result"));
  }

  private static double filled(SessionState state, Limits limits) {
    return Math.max(
        (double) state.memoryBytes() / (double) limits.memoryBytes(),
        (double) state.memory().size() / limits.memoryEntries());
  }

  private static String ids(List<String> ids) {
    String shown = String.join(", ", ids.stream().limit(IDS_SHOWN).toList());
    return ids.size() <= IDS_SHOWN ? shown : shown + " and " + (ids.size() - IDS_SHOWN) + " more";
  }

  /// Whether the journal writer answers, in time.
  public static Check store(SessionEngine engine, Patience patience) {
    return switch (patience.await(
        Readings.Part.WRITER.words(),
        () -> {
          engine.probe();
          return true;
        })) {
      case Outcome.Done<Boolean> _ -> Check.ok("store", "the journal writer answers");
      case Outcome.Failed<Boolean>(Exception reason) ->
          new Check(
              "store", Wellness.FAIL, 1, "the journal writer does not: " + reason.getMessage());
      case Outcome.Hanging<Boolean>(long limitMillis) ->
          new Check(
              "store",
              Wellness.FAIL,
              1,
              "the journal writer has not answered within " + limitMillis + " ms");
    };
  }

  /// A check that reads the store: what cannot be read says nothing.
  private static Check read(String component, Patience patience, Callable<Check> check) {
    return switch (patience.await("health: " + component, check)) {
      case Outcome.Done<Check>(Check found) -> found;
      case Outcome.Failed<Check>(Exception reason) ->
          Check.unknown(component, "it cannot be read: " + reason.getMessage());
      case Outcome.Hanging<Check>(long limitMillis) ->
          Check.unknown(component, "the store has not answered within " + limitMillis + " ms");
    };
  }

  private static Check session(SessionState state) {
    return state.status() == SessionStatus.ACTIVE
        ? Check.ok("session", "it takes commands")
        : new Check(
            "session",
            state.status() == SessionStatus.QUARANTINED ? Wellness.FAIL : Wellness.WARN,
            1,
            "it takes no commands, since it is " + WireName.of(state.status()));
  }

  static Check recovery(List<RecoveryRecord> records) {
    if (records.isEmpty()) {
      return Check.ok("recovery", "it never had to be recovered");
    }
    RecoveryRecord last = records.getFirst();
    if (!last.success()) {
      return new Check("recovery", Wellness.FAIL, 1, "the last one failed: " + last.reason());
    }
    return last.loss().isEmpty()
        ? Check.ok("recovery", "the last one lost nothing")
        : new Check(
            "recovery",
            Wellness.WARN,
            (double) last.operationsLost(),
            "in the last one it " + last.loss());
  }

  /// The recovery of all sessions: each that waits is brought back by the first who asks for it.
  static Check others(List<RecoveryRun> runs) {
    if (runs.isEmpty()) {
      return Check.ok("recovery_of_all", "nothing had to be recovered");
    }
    RecoveryRun run = runs.getFirst();
    if (!run.finished()) {
      return new Check(
          "recovery_of_all",
          Wellness.WARN,
          run.sessionsWaiting(),
          "recovery after the last crash is under way: "
              + run.sessionsRecovered()
              + " sessions recovered, "
              + run.sessionsWaiting()
              + " waiting, "
              + run.sessionsFailed()
              + " failed");
    }
    return run.sessionsFailed() == 0
        ? Check.ok(
            "recovery_of_all",
            "all " + run.sessionsRecovered() + " sessions of the last crash were recovered")
        : new Check(
            "recovery_of_all",
            Wellness.WARN,
            run.sessionsFailed(),
            run.sessionsFailed()
                + " of "
                + (run.sessionsRecovered() + run.sessionsFailed())
                + " sessions of the last crash are quarantined; planaria sessions names them");
  }

  private static Check agents(SessionState state, long nowMillis) {
    List<Agent> silent =
        state.agents().values().stream()
            .filter(agent -> agent.status() == AgentStatus.BUSY)
            .filter(agent -> nowMillis - agent.lastHeartbeatMillis() > SILENT_MILLIS)
            .toList();
    return silent.isEmpty()
        ? Check.ok("agents", "every busy agent was heard of lately")
        : new Check(
            "agents",
            Wellness.WARN,
            silent.size(),
            "busy, and not heard of for "
                + SILENT_MILLIS / 60_000
                + " minutes: "
                + ids(silent.stream().map(Agent::id).toList()));
  }

  private static Check tasks(SessionState state, long nowMillis) {
    List<Task> overdue =
        state.tasks().values().stream()
            .filter(task -> {
              Lease lease = task.lease();
              return lease != null && lease.expiresAtMillis() < nowMillis;
            })
            .toList();
    if (!overdue.isEmpty()) {
      return new Check(
          "tasks",
          Wellness.WARN,
          overdue.size(),
          "their lease has run out, they go back to the board: "
              + ids(overdue.stream().map(Task::id).toList()));
    }
    Standstill standstill = Standstill.in(state);
    if (standstill.stuck().isEmpty()) {
      return Check.ok("tasks", "no lease has run out, and every open task can move");
    }
    return new Check(
        "tasks",
        standstill.isComplete() ? Wellness.FAIL : Wellness.WARN,
        standstill.stuck().size(),
        (standstill.isComplete() ? "deadlock, nothing can move: " : "some cannot move: ")
            + standstill.stuck().stream()
                .limit(STUCK_SHOWN)
                .map(stuck ->
                    stuck.taskId()
                        + " "
                        + stuck.reason()
                        + " (for "
                        + Math.max(0, nowMillis - stuck.sinceMillis()) / 1_000
                        + " s)")
                .collect(Collectors.joining("; "))
            + (standstill.stuck().size() > STUCK_SHOWN
                ? "; and " + (standstill.stuck().size() - STUCK_SHOWN) + " more"
                : "")
            + "; agent_heartbeat brings an agent back, agent_retire puts its tasks back on the"
            + " board, agent_spawn adds one");
  }

  private static Check connections(SessionState state, long nowMillis) {
    List<Connection> away =
        state.connections().values().stream()
            .filter(connection -> connection.status() != ConnectionStatus.CONNECTED)
            .toList();
    if (away.isEmpty()) {
      return Check.ok("connections", "every server is connected");
    }
    boolean lost =
        away.stream().anyMatch(connection -> connection.standing().lostSinceMillis() != null);
    return new Check(
        "connections",
        lost ? Wellness.FAIL : Wellness.WARN,
        away.size(),
        "not connected: "
            + away.stream()
                .limit(STUCK_SHOWN)
                .map(connection ->
                    connection.id()
                        + " is "
                        + WireName.of(connection.status())
                        + " (for "
                        + seconds(nowMillis - connection.standing().sinceMillis())
                        + "): "
                        + connection.standing().reason())
                .collect(Collectors.joining("; ")));
  }

  private static Check calls(SessionState state, long nowMillis) {
    List<Call> waiting =
        state.calls().values().stream().filter(call -> call.status().isWaiting()).toList();
    long unknown =
        state.calls().values().stream().filter(call -> call.status() == CallStatus.UNKNOWN).count();
    if (waiting.isEmpty() && unknown == 0) {
      return Check.ok("calls", "no call waits, and none is of unknown outcome");
    }
    long oldest = waiting.stream().mapToLong(Call::acceptedAtMillis).min().orElse(nowMillis);
    return new Check(
        "calls",
        Wellness.WARN,
        waiting.size() + (double) unknown,
        waiting.size()
            + " wait for their server"
            + (waiting.isEmpty() ? "" : " (the oldest for " + seconds(nowMillis - oldest) + ")")
            + ", "
            + unknown
            + " are of unknown outcome; planaria calls names them");
  }

  private static String seconds(long millis) {
    return Math.max(0, millis) / 1_000 + " s";
  }

  private static Check memory(SessionState state, Limits limits) {
    double bytes = (double) state.memoryBytes() / (double) limits.memoryBytes();
    double entries = (double) state.memory().size() / limits.memoryEntries();
    double share = Math.max(bytes, entries);
    String used =
        Math.round(share * 100)
            + " % of the limit "
            + (bytes >= entries ? "in bytes" : "in entries");
    return new Check(
        "memory", share >= NEAR ? Wellness.WARN : Wellness.OK, Math.round(share * 100), used);
  }
}
