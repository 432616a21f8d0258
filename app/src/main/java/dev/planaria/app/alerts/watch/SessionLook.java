package dev.planaria.app.alerts.watch;

import dev.planaria.app.alerts.Readings;
import dev.planaria.app.alerts.Readings.Still;
import dev.planaria.app.alerts.Subject;
import dev.planaria.engine.state.AgentStatus;
import dev.planaria.engine.state.Call;
import dev.planaria.engine.state.CallBoard;
import dev.planaria.engine.state.CallLimits;
import dev.planaria.engine.state.Connection;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.SessionStatus;
import dev.planaria.engine.state.Standstill;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// What stands still in one session, read from its state alone. Pure.
///
/// @param stuck what does not get on
/// @param away connections that are offline
/// @param queues of calls that wait
record SessionLook(
    List<Readings.Stuck> stuck, List<Readings.Away> away, List<Readings.Queue> queues) {
  static final SessionLook NOTHING = new SessionLook(List.of(), List.of(), List.of());

  /// @param inUse whether anybody uses a server here: nobody misses one that nobody asks for
  static SessionLook at(SessionState state, CallLimits limits, Predicate<String> inUse) {
    if (state.status() == SessionStatus.TERMINATED || state.status() == SessionStatus.TERMINATING) {
      return NOTHING;
    }
    var look = new SessionLook(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    look.agents(state);
    look.tasks(state);
    for (Connection connection : state.connections().values()) {
      Subject subject = Subject.server(state.id().toString(), state.name(), connection.id());
      if (inUse.test(connection.id())) {
        look.connection(connection, subject);
      }
      look.calls(state, connection, subject, limits);
    }
    return look;
  }

  private void agents(SessionState state) {
    state.agents().values().stream()
        .filter(agent -> agent.status() == AgentStatus.BUSY)
        .min((one, other) -> Long.compare(one.lastHeartbeatMillis(), other.lastHeartbeatMillis()))
        .ifPresent(quietest ->
            stuck.add(
                new Readings.Stuck(
                    Still.AGENT,
                    Subject.session(state.id().toString(), state.name()),
                    quietest.lastHeartbeatMillis(),
                    1,
                    quietest.id() + " is busy, and was not heard of")));
  }

  private void tasks(SessionState state) {
    List<Standstill.Stuck> tasks =
        state.tasks().isEmpty() ? List.of() : Standstill.in(state).stuck();
    tasks.stream()
        .min((one, other) -> Long.compare(one.sinceMillis(), other.sinceMillis()))
        .ifPresent(oldest ->
            stuck.add(
                new Readings.Stuck(
                    Still.TASK,
                    Subject.session(state.id().toString(), state.name()),
                    oldest.sinceMillis(),
                    tasks.size(),
                    oldest.taskId() + " " + oldest.reason())));
  }

  private void connection(Connection connection, Subject subject) {
    Connection.Standing standing = connection.standing();
    switch (connection.status()) {
      case CONNECTED -> {}
      case OFFLINE, PERIODIC_RETRY -> {
        Long since = standing.offlineSinceMillis();
        away.add(
            new Readings.Away(
                subject, since == null ? standing.sinceMillis() : since, standing.reason()));
      }
      case HEARTBEAT_TIMEOUT, IMMEDIATE_RECONNECT, EXPONENTIAL_BACKOFF, SYNC ->
          stuck.add(
              new Readings.Stuck(
                  Still.CONNECTION, subject, standing.sinceMillis(), 1, standing.reason()));
    }
  }

  private void calls(
      SessionState state, Connection connection, Subject subject, CallLimits limits) {
    CallBoard.Line line = state.indexes().calls().line(connection.id());
    int open = line.open().size();
    if (open == 0) {
      return;
    }
    double share =
        Math.max(
            (double) open / limits.queued(),
            (double) line.openBytes() / (double) limits.queuedBytes());
    queues.add(new Readings.Queue(subject, open, share));
    // In the order in which they came: the first is the oldest.
    Call oldest = state.calls().get(line.open().first().id());
    if (oldest != null) {
      String what = oldest.target() == null ? oldest.method() : oldest.target();
      stuck.add(
          new Readings.Stuck(
              Still.CALL,
              subject,
              oldest.acceptedAtMillis(),
              open,
              what + (oldest.status().isWaiting() ? " waits" : " runs") + reason(oldest)));
    }
  }

  private static String reason(Call call) {
    return call.reason() == null ? "" : ", since " + call.reason();
  }
}
