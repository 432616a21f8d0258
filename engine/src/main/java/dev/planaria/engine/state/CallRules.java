package dev.planaria.engine.state;

import dev.planaria.engine.json.WireName;
import dev.planaria.engine.state.Refusal.Code;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Rules for the ledger of calls.
final class CallRules {

  private CallRules() {}

  static Operation accept(SessionState state, Command.AcceptCall command, Decision decision) {
    var limits = decision.limits();
    checkId(command.id(), limits);
    Check.line("connection_id", command.connectionId(), limits);
    Check.line("method", command.method(), limits);
    if (command.target() != null) {
      Check.prose("target", command.target(), limits);
    }
    if (state.calls().containsKey(command.id())) {
      throw new Refusal(
          Code.OPERATION_ID_REUSED,
          "there is a call " + Check.shown(command.id().operationId()) + " already");
    }
    requireConnection(state, command.connectionId());
    String params = command.params();
    if (params == null && (command.as() == CallStatus.QUEUED || command.replayable())) {
      throw Check.invalid(
          "params", "must be given for a call that is queued or kept for replay: it is sent later");
    }
    if (params != null) {
      Check.json("params", params, limits.calls().oneCallBytes(), "calls.oneCallBytes");
    }
    if (command.argumentsDigest() != null) {
      Check.line("arguments_digest", command.argumentsDigest(), limits);
    }
    if (!command.as().isOpen()) {
      throw Check.invalid("as", "must be accepted, queued or sent");
    }
    boolean sent = command.as() == CallStatus.SENT;
    long now = decision.nowMillis();
    var call =
        new Call(
            command.id(),
            command.connectionId(),
            command.method(),
            command.target(),
            command.callClass(),
            params,
            command.argumentsDigest(),
            command.as(),
            state.history().idBase() + decision.seq(),
            sent ? 1 : 0,
            now,
            now,
            sent ? null : (Long) (now + limits.calls().queueMillis()),
            null,
            null,
            command.replayable());
    requireInLine(state, call, limits.calls());
    List<CallId> forgotten = CallRoom.forgotten(state, null, call, limits);
    CallRoom.require(state, call, forgotten, limits.calls());
    return new Operation.CallAccepted(call, forgotten);
  }

  static Operation move(SessionState state, Command.MoveCall command, Decision decision) {
    Call call = existing(state, command.id(), decision.limits());
    CallStatus to = command.to();
    if (!call.status().next().contains(to)) {
      throw notFrom(call, to, "");
    }
    if (to == CallStatus.QUEUED) {
      requireRepeatable(call);
    }
    checkWords(command, decision.limits());
    return moved(state, call, after(call, command, decision), decision);
  }

  static Operation unsend(SessionState state, Command.UnsendCall command, Decision decision) {
    Call call = existing(state, command.id(), decision.limits());
    if (call.status() != CallStatus.SENT) {
      throw notFrom(call, CallStatus.QUEUED, "; only one that was about to be sent is taken back");
    }
    requireParams(call);
    Check.prose("reason", command.reason(), decision.limits());
    long now = decision.nowMillis();
    Call after =
        new CallEdit(call)
            .status(CallStatus.QUEUED)
            .expiresAt(now + decision.limits().calls().queueMillis())
            .reason(command.reason())
            .at(now);
    return moved(state, call, after, decision);
  }

  static Operation retry(SessionState state, Command.RetryCall command, Decision decision) {
    Call call = existing(state, command.id(), decision.limits());
    if (call.status() != CallStatus.UNKNOWN) {
      throw notFrom(call, CallStatus.QUEUED, "; only one of unknown outcome is sent again by hand");
    }
    requireParams(call);
    requireConnection(state, call.connectionId());
    long now = decision.nowMillis();
    Call after =
        new CallEdit(call)
            .status(CallStatus.QUEUED)
            .expiresAt(now + decision.limits().calls().queueMillis())
            .reason("it is sent again by hand")
            .at(now);
    requireInLine(state, after, decision.limits().calls());
    return moved(state, call, after, decision);
  }

  static Operation forget(SessionState state, Command.ForgetCall command, Decision decision) {
    Call call = existing(state, command.id(), decision.limits());
    if (call.status().isOpen() || call.isKeptForReplay()) {
      throw new Refusal(
          Code.WRONG_STATE,
          call.status().isOpen()
              ? "the call is "
                  + WireName.of(call.status())
                  + "; only one that has ended is forgotten"
              : "the call is kept for replay; let go of it first");
    }
    return new Operation.CallForgotten(call.id());
  }

  static Operation dropReplay(SessionState state, Command.DropReplay command, Decision decision) {
    Check.line("connection_id", command.connectionId(), decision.limits());
    Connection connection = requireConnection(state, command.connectionId());
    long now = decision.nowMillis();
    List<CallId> named = command.calls();
    Stream<Call> dropped =
        named == null
            ? state.replayableCalls(command.connectionId())
            : named.stream().distinct().map(id -> replayable(state, command.connectionId(), id));
    var letGo =
        new Operation.LetGo(
            dropped.map(Call::id).toList(), now + decision.limits().calls().resultMillis());
    return new Operation.ReplayDropped(
        connection.id(),
        letGo,
        named == null ? connection.remembering(connection.memory().reset(), now) : null);
  }

  private static Call replayable(SessionState state, String connectionId, CallId id) {
    Call call = state.call(id);
    if (call == null || !call.isKeptForReplay() || !call.connectionId().equals(connectionId)) {
      throw new Refusal(
          Code.NOT_FOUND,
          "no call " + Check.shown(id.operationId()) + " of that connection is kept for replay");
    }
    return call;
  }

  /// Whatever a connection's calls were, now that it is gone: what was waiting, and what ran.
  static List<Call> interrupted(
      SessionState state, String connectionId, String why, Decision decision) {
    long now = decision.nowMillis();
    long keptUntil = now + decision.limits().calls().resultMillis();
    return state
        .openCalls(connectionId)
        .map(call -> interrupted(call, why, keptUntil, now))
        .toList();
  }

  /// The same for all connections.
  static List<Call> interrupted(SessionState state, String why, Decision decision) {
    return state.indexes().calls().lines().keySet().stream()
        .flatMap(connectionId -> interrupted(state, connectionId, why, decision).stream())
        .toList();
  }

  /// An open call whose session no longer stands behind it. It cannot be sent again.
  static Call interrupted(Call call, String why, long keptUntilMillis, long nowMillis) {
    boolean never = call.status().isWaiting();
    return new CallEdit(call)
        .status(never ? CallStatus.CANCELLED : CallStatus.UNKNOWN)
        .params(null)
        .replayable(false)
        .expiresAt(keptUntilMillis)
        .reason(never ? why + " before it was sent" : why + " while it ran, so it may have run")
        .at(nowMillis);
  }

  /// A call that waited for too long.
  static Call expired(Call call, Limits limits, long nowMillis) {
    return new CallEdit(call)
        .status(CallStatus.EXPIRED)
        .params(null)
        .replayable(false)
        .expiresAt(nowMillis + limits.calls().resultMillis())
        .reason(
            "it waited for longer than "
                + limits.calls().queueMillis()
                + " ms (setting `limits.calls.queueMillis`) and was never sent")
        .at(nowMillis);
  }

  /// A call that seems to wait in a session that has lost operations.
  static Call doubted(Call call) {
    return new CallEdit(call)
        .status(CallStatus.UNKNOWN)
        .reason("operations of its session were lost, so that it may have been sent and have run")
        .at(call.updatedAtMillis());
  }

  /// A call that is no longer kept for replay.
  static Call letGo(Call call, long keptUntilMillis) {
    return new CallEdit(call)
        .params(null)
        .replayable(false)
        .expiresAt(keptUntilMillis)
        .at(call.updatedAtMillis());
  }

  private static Call after(Call call, Command.MoveCall command, Decision decision) {
    long now = decision.nowMillis();
    CallLimits limits = decision.limits().calls();
    CallStatus to = command.to();
    var edit = new CallEdit(call).status(to).reason(command.reason());
    return switch (to) {
      case ACCEPTED, QUEUED -> edit.expiresAt(now + limits.queueMillis()).at(now);
      case SENT -> edit.attempts(call.attempts() + 1).expiresAt(null).at(now);
      case UNKNOWN -> edit.expiresAt(now + limits.resultMillis()).at(now);
      case COMPLETED ->
          kept(edit, command.outcome(), limits)
              .params(call.replayable() ? call.params() : null)
              .expiresAt(call.replayable() ? null : (Long) (now + limits.resultMillis()))
              .at(now);
      case FAILED, EXPIRED, CANCELLED ->
          kept(edit, command.outcome(), limits)
              .params(null)
              .replayable(false)
              .expiresAt(now + limits.resultMillis())
              .at(now);
    };
  }

  private static CallEdit kept(CallEdit edit, @Nullable String outcome, CallLimits limits) {
    if (outcome == null || Check.utf8Length(outcome) <= limits.oneCallBytes()) {
      return edit.outcome(outcome);
    }
    return edit.outcome(null)
        .reason(
            "its result of "
                + Check.utf8Length(outcome)
                + " bytes was too long to be kept (setting `limits.calls.oneCallBytes`)");
  }

  /// The operation, once it is clear what is kept for replay and what is forgotten for it.
  private static Operation moved(SessionState state, Call before, Call after, Decision decision) {
    var limits = decision.limits();
    Connection connection = null;
    Call kept = after;
    if (after.isKeptForReplay()) {
      Connection its = state.connections().get(after.connectionId());
      String why = its == null ? "its connection is gone" : CallRoom.noReplay(state, after, limits);
      if (why != null) {
        kept = letGo(after, decision.nowMillis() + limits.calls().resultMillis());
        connection =
            its == null
                ? null
                : its.remembering(its.memory().incomplete(why), decision.nowMillis());
      }
    }
    return new Operation.CallMoved(
        kept, connection, CallRoom.forgotten(state, before, kept, limits));
  }

  private static void checkWords(Command.MoveCall command, Limits limits) {
    CallStatus to = command.to();
    String outcome = command.outcome();
    if (outcome != null) {
      if (to != CallStatus.COMPLETED && to != CallStatus.FAILED) {
        throw Check.invalid("outcome", "belongs to a call that is completed or failed");
      }
      // A result is never refused for its length: what happened has happened.
      Check.json("outcome", outcome, Integer.MAX_VALUE, "calls.oneCallBytes");
    } else if (to == CallStatus.COMPLETED) {
      throw Check.invalid("outcome", "must be given for a call that is completed");
    }
    boolean needsReason =
        switch (to) {
          case UNKNOWN, CANCELLED, EXPIRED -> true;
          case FAILED -> outcome == null;
          case ACCEPTED, QUEUED, SENT, COMPLETED -> false;
        };
    if (command.reason() != null) {
      Check.prose("reason", command.reason(), limits);
    } else if (needsReason) {
      throw Check.invalid("reason", "must say why the call is " + WireName.of(to));
    }
  }

  private static void requireRepeatable(Call call) {
    if (call.status() == CallStatus.UNKNOWN) {
      throw notFrom(call, CallStatus.QUEUED, " but by hand: it may have run");
    }
    if (call.status() == CallStatus.SENT && !call.callClass().mayRepeat()) {
      throw notFrom(call, CallStatus.QUEUED, ": it may have an effect, and may have run");
    }
    requireParams(call);
  }

  private static void requireParams(Call call) {
    if (call.params() == null) {
      throw notFrom(call, CallStatus.QUEUED, ": its arguments were not written down");
    }
  }

  private static void requireInLine(SessionState state, Call call, CallLimits limits) {
    CallBoard.Line line = state.indexes().calls().line(call.connectionId());
    if (line.open().size() >= limits.queued()) {
      throw Check.overLimit(
          "the connection "
              + Check.shown(call.connectionId())
              + " has "
              + line.open().size()
              + " calls already that wait or run",
          "calls.queued");
    }
    if (line.openBytes() + Weight.of(call) > limits.queuedBytes()) {
      throw Check.overLimit(
          "the calls that wait or run on the connection "
              + Check.shown(call.connectionId())
              + " would take more than "
              + limits.queuedBytes()
              + " bytes",
          "calls.queuedBytes");
    }
  }

  private static void checkId(CallId id, Limits limits) {
    Check.line("principal", id.principal(), limits);
    Check.line("operation_id", id.operationId(), limits);
  }

  private static Call existing(SessionState state, CallId id, Limits limits) {
    checkId(id, limits);
    Call call = state.call(id);
    if (call == null) {
      throw new Refusal(Code.NOT_FOUND, "there is no call " + Check.shown(id.operationId()));
    }
    return call;
  }

  private static Connection requireConnection(SessionState state, String id) {
    Connection connection = state.connections().get(id);
    if (connection == null) {
      throw new Refusal(Code.NOT_FOUND, "there is no connection " + Check.shown(id));
    }
    return connection;
  }

  private static Refusal notFrom(Call call, CallStatus to, String why) {
    return new Refusal(
        Code.WRONG_STATE,
        "the call "
            + Check.shown(call.id().operationId())
            + " is "
            + WireName.of(call.status())
            + " and cannot become "
            + WireName.of(to)
            + why);
  }
}
