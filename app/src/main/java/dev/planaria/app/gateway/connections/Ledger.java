package dev.planaria.app.gateway.connections;

import dev.planaria.engine.session.Caller;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.state.Call;
import dev.planaria.engine.state.CallClass;
import dev.planaria.engine.state.CallId;
import dev.planaria.engine.state.CallStatus;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.Connection;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The durable record of one connection and its calls. Every change is on disk when its method
/// returns. Thread-safe. The methods throw what [SessionEngine#submit] throws.
final class Ledger {
  private static final Caller SELF = new Caller("planaria", null);

  private final SessionEngine engine;
  private final SessionId session;
  private final String connectionId;

  Ledger(SessionEngine engine, SessionId session, String connectionId) {
    this.engine = engine;
    this.session = session;
    this.connectionId = connectionId;
  }

  SessionId session() {
    return session;
  }

  String connectionId() {
    return connectionId;
  }

  private SessionState state() {
    return engine.view(session).state();
  }

  Optional<Connection> connection() {
    return Optional.ofNullable(state().connections().get(connectionId));
  }

  void put(Connection connection) {
    engine.submit(session, new Command.PutConnection(connection), SELF);
  }

  Optional<Call> find(CallId id) {
    return Optional.ofNullable(state().call(id));
  }

  /// Calls that wait or run, in the order in which they came.
  List<Call> open() {
    return state().openCalls(connectionId).toList();
  }

  /// As [#open], when the session is in memory; nothing when it is on disk alone, where it stays.
  Optional<List<Call>> openIfResident() {
    return engine
        .figures()
        .resident(session)
        .map(view -> view.state().openCalls(connectionId).toList());
  }

  /// Completed calls that rebuild the server's state, in the order in which they came.
  List<Call> replayable() {
    return state().replayableCalls(connectionId).toList();
  }

  /// True when the server has done something, or may have, that it could forget.
  boolean mayHoldState() {
    return state().calls().values().stream()
        .anyMatch(call ->
            call.connectionId().equals(connectionId)
                && call.callClass() != CallClass.READ_ONLY
                && (call.status() == CallStatus.COMPLETED || call.status() == CallStatus.UNKNOWN));
  }

  /// Writes a call down before the first byte of it is sent.
  ///
  /// @param as where it stands at once
  /// @param params null when they must not be written down, and then not even a digest of them is
  void accept(
      Ask ask, CallClass callClass, CallStatus as, @Nullable String params, boolean replayable) {
    String digest = params == null ? null : ask.argumentsDigest();
    engine.submit(
        session,
        new Command.AcceptCall(
            ask.id(),
            connectionId,
            ask.method(),
            ask.target(),
            callClass,
            params,
            digest,
            replayable,
            as),
        SELF);
  }

  void move(CallId id, CallStatus to, @Nullable String outcome, @Nullable String reason) {
    engine.submit(session, new Command.MoveCall(id, to, outcome, reason), SELF);
  }

  /// Lets go of calls that were kept for replay.
  void dropReplay(List<CallId> calls) {
    engine.submit(session, new Command.DropReplay(connectionId, calls), SELF);
  }

  /// A call that was about to be sent waits again: nothing of it was run.
  void unsend(CallId id, String reason) {
    engine.submit(session, new Command.UnsendCall(id, reason), SELF);
  }
}
