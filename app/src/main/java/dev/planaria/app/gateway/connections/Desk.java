package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.upstreams.RawAnswer;
import dev.planaria.app.gateway.upstreams.RequestFailed;
import dev.planaria.app.gateway.upstreams.Sent;
import dev.planaria.app.gateway.upstreams.Trouble;
import dev.planaria.app.gateway.upstreams.UpstreamBroken;
import dev.planaria.app.gateway.upstreams.UpstreamSession;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.app.gateway.wire.RpcError;
import dev.planaria.engine.session.OutcomeUnknown;
import dev.planaria.engine.session.SessionUnavailable;
import dev.planaria.engine.session.StoreUnavailable;
import dev.planaria.engine.state.Call;
import dev.planaria.engine.state.CallClass;
import dev.planaria.engine.state.CallId;
import dev.planaria.engine.state.CallStatus;
import dev.planaria.engine.state.Era;
import dev.planaria.engine.state.Refusal;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/// Where the calls of one connection that may have an effect are accounted for: written down before
/// the first byte is sent, answered from the record ever after, and never run twice without
/// somebody having said that this may be. Thread-safe.
final class Desk {
  private static final String INTERRUPTED =
      "the daemon was restarted, or its store failed, while the call was at the server";

  private final Ledger ledger;
  private final Line line;
  private final Carrier carrier;
  private final RelaySettings settings;
  private final Standing standing;
  private final Log log;

  /// Calls that somebody waits for, or did. A ticket is here until it is answered.
  private final Map<CallId, Ticket> tickets = new ConcurrentHashMap<>();

  /// Held for reading while a call is at the server, until what came of it is written down.
  private final ReentrantReadWriteLock carrying = new ReentrantReadWriteLock();

  /// What the desk has to know of the connection.
  interface Standing {
    /// Why the server is away, in a sentence.
    String reason();

    /// A call waits.
    void callWaiting();

    /// A conversation turned out to be broken.
    void broken(UpstreamSession session, Trouble trouble);
  }

  Desk(
      Ledger ledger,
      Line line,
      Carrier carrier,
      RelaySettings settings,
      Standing standing,
      Log log) {
    this.ledger = ledger;
    this.line = line;
    this.carrier = carrier;
    this.settings = settings;
    this.standing = standing;
    this.log = log;
  }

  /// Settles what nobody here carries: what the process before this one had sent, and what the
  /// record says is sent since the store took no other word. It may have run.
  void settle() {
    for (Call call : ledger.open()) {
      Ticket ticket = tickets.get(call.id());
      if (call.status() == CallStatus.QUEUED || (ticket != null && ticket.isRunning())) {
        continue;
      }
      try {
        settle(call);
      } catch (Refusal ended) {
        log.info("a call ended before it could be settled: " + ended.getMessage());
      }
    }
  }

  private void settle(Call call) {
    if (call.params() == null) {
      boolean never = call.status() == CallStatus.ACCEPTED;
      ledger.move(
          call.id(),
          never ? CallStatus.CANCELLED : CallStatus.UNKNOWN,
          null,
          INTERRUPTED + ", and its arguments were not to be written down");
    } else if (call.status() == CallStatus.ACCEPTED || call.callClass().mayRepeat()) {
      ledger.move(call.id(), CallStatus.QUEUED, null, null);
    } else {
      ledger.move(call.id(), CallStatus.UNKNOWN, null, INTERRUPTED);
    }
  }

  /// Carries a call out, or attaches to it when it was seen before.
  RawAnswer call(Ask ask, CallClass callClass, Durability durability) throws InterruptedException {
    var ticket = new Ticket(ask);
    try {
      Optional<Call> known = ledger.find(ask.id());
      if (known.isPresent()) {
        return again(known.get(), ask);
      }
      Ticket other = tickets.putIfAbsent(ask.id(), ticket);
      if (other != null) {
        return await(other, ask);
      }
      UpstreamSession session = accept(ticket, callClass, durability);
      if (session != null) {
        carry(ticket, session, callClass, durability.params());
      }
    } catch (Refusal refusal) {
      return answer(ticket, refused(ticket, refusal));
    } catch (StoreUnavailable | SessionUnavailable e) {
      return answer(ticket, Words.notRun(ask, CallStatus.FAILED, String.valueOf(e.getMessage())));
    } catch (OutcomeUnknown e) {
      // It was not sent. But the record may say that it waits, and then it will be.
      return answer(ticket, Words.unknown(ask, "it could not be written down: " + e.getMessage()));
    }
    return await(ticket, ask);
  }

  /// Answers all who wait with a ticket, which has done its duty.
  private RawAnswer answer(Ticket ticket, RawAnswer answer) {
    ticket.answer(answer);
    tickets.remove(ticket.ask().id(), ticket);
    return answer;
  }

  /// What may be written down of a call.
  ///
  /// @param params false when they must stay in memory
  /// @param replayable true when it is kept to rebuild the server's state
  record Durability(boolean params, boolean replayable) {}

  private RawAnswer refused(Ticket ticket, Refusal refusal) throws InterruptedException {
    Ask ask = ticket.ask();
    if (refusal.code() == Refusal.Code.OPERATION_ID_REUSED) {
      if (ledger.find(ask.id()).isPresent()) {
        return late(ticket, ask); // the same call, which ended between two looks
      }
      return Words.refused(RpcError.INVALID_PARAMS, String.valueOf(refusal.getMessage()));
    }
    return Words.notRun(ask, CallStatus.FAILED, String.valueOf(refusal.getMessage()));
  }

  /// Writes a call down, as sent or as waiting.
  ///
  /// @return the conversation to send it in; null when it waits, or was answered
  private @Nullable UpstreamSession accept(
      Ticket ticket, CallClass callClass, Durability durability) throws InterruptedException {
    Ask ask = ticket.ask();
    String params = durability.params() ? Rewriting.text(ask.params()) : null;
    UpstreamSession session =
        line.decide(
            settings.answerMillis(),
            open -> {
              // Who finds the line closed waits in the ledger before it can open again.
              CallStatus as = open != null ? CallStatus.SENT : CallStatus.QUEUED;
              if (as == CallStatus.SENT) {
                ticket.running();
              }
              if (as == CallStatus.SENT || params != null) {
                ledger.accept(ask, callClass, as, params, durability.replayable());
              }
              return open;
            });
    if (session == null && params == null) {
      String why =
          "the server is away ("
              + standing.reason()
              + "), and calls whose arguments are not to be written down are not queued";
      var _ = answer(ticket, Words.notRun(ask, CallStatus.FAILED, why));
    } else if (session == null) {
      ticket.queued();
      standing.callWaiting();
    }
    return session;
  }

  /// Sends a call that is written down as sent, and writes down what came of it.
  ///
  /// @return false when the conversation is broken
  private boolean carry(
      Ticket ticket, UpstreamSession session, CallClass callClass, boolean mayWait)
      throws InterruptedException {
    Ask ask = ticket.ask();
    carrying.readLock().lock();
    try {
      RawAnswer answer = carrier.carry(session, ask, settings.callMillis());
      ended(ask, answer);
      var _ = answer(ticket, answer);
      return true;
    } catch (RequestFailed failed) {
      // First the line, so that no other call follows into the same hole.
      if (failed instanceof UpstreamBroken broken) {
        standing.broken(session, broken.trouble());
      }
      failed(ticket, failed, callClass, mayWait);
      return !(failed instanceof UpstreamBroken);
    } finally {
      ticket.stopped();
      carrying.readLock().unlock();
    }
  }

  /// Waits until all that the server has answered is written down.
  ///
  /// @return false when that takes longer than clients wait
  boolean awaitWritten() throws InterruptedException {
    if (!carrying.writeLock().tryLock(settings.answerMillis(), TimeUnit.MILLISECONDS)) {
      return false;
    }
    carrying.writeLock().unlock();
    return true;
  }

  private void ended(Ask ask, RawAnswer answer) {
    switch (answer) {
      case RawAnswer.Result(RawObject raw) ->
          keep(ask, CallStatus.COMPLETED, Rewriting.text(raw), null);
      case RawAnswer.Refusal(RawObject raw) ->
          keep(ask, CallStatus.FAILED, Rewriting.text(raw), null);
    }
  }

  private void failed(Ticket ticket, RequestFailed failed, CallClass callClass, boolean mayWait) {
    Ask ask = ticket.ask();
    String why = String.valueOf(failed.getMessage());
    boolean neverRan = failed.sent() != Sent.MAYBE_SENT;
    boolean broken = failed instanceof UpstreamBroken;
    if (broken && mayWait && (neverRan || callClass.mayRepeat()) && waitsAgain(ask, why)) {
      standing.callWaiting();
      return;
    }
    if (neverRan) {
      keep(ask, CallStatus.FAILED, null, why);
      var _ = answer(ticket, Words.notRun(ask, CallStatus.FAILED, why));
    } else {
      keep(ask, CallStatus.UNKNOWN, null, why);
      var _ = answer(ticket, Words.unknown(ask, why));
    }
  }

  private boolean waitsAgain(Ask ask, String why) {
    try {
      ledger.unsend(ask.id(), why);
      return true;
    } catch (StoreUnavailable | SessionUnavailable | OutcomeUnknown | Refusal e) {
      log.warn("a call that was not run could not be put back to those that wait", e);
      return false;
    }
  }

  /// What has happened is told to the client even when it cannot be written down: the record then
  /// says that it may have run, which is true.
  private void keep(Ask ask, CallStatus status, @Nullable String outcome, @Nullable String why) {
    try {
      ledger.move(ask.id(), status, outcome, why);
    } catch (StoreUnavailable | SessionUnavailable | OutcomeUnknown | Refusal e) {
      log.warn("what became of a call could not be written down", e);
    }
  }

  /// Waits for an answer: as long as it takes while the server is at it, and not for long while it
  /// is away.
  private RawAnswer await(Ticket ticket, Ask ask) throws InterruptedException {
    RawAnswer answer = ticket.await(settings.answerMillis());
    while (answer == null && ticket.isRunning()) {
      answer = ticket.await(settings.answerMillis());
    }
    if (answer != null) {
      return answer;
    }
    try {
      return late(ticket, ask);
    } catch (StoreUnavailable | SessionUnavailable e) {
      return Words.unknown(ask, "its record cannot be read: " + e.getMessage());
    }
  }

  /// What is said of a call that nobody answers: what is written down, whatever was hoped for.
  private RawAnswer late(Ticket ticket, Ask ask) throws InterruptedException {
    Optional<Call> now = ledger.find(ask.id());
    if (now.isPresent() && !now.get().status().isOpen()) {
      return again(now.get(), ask);
    }
    if (now.isPresent() && now.get().status() != CallStatus.SENT) {
      return Words.queued(ask, ledger.connectionId(), standing.reason());
    }
    String why = "what became of it could not be written down";
    return now.isPresent()
        ? answer(ticket, Words.unknown(ask, why))
        : answer(ticket, Words.notRun(ask, CallStatus.FAILED, why));
  }

  /// The same call again.
  private RawAnswer again(Call known, Ask ask) throws InterruptedException {
    if (!isSame(known, ask)) {
      return Words.refused(
          RpcError.INVALID_PARAMS,
          "the operation id "
              + RpcError.shortened(ask.id().operationId())
              + " names another call already; give each call its own");
    }
    String outcome = known.outcome();
    String reason = known.reason() == null ? "" : known.reason();
    return switch (known.status()) {
      case COMPLETED, FAILED -> {
        if (outcome != null) {
          yield Words.stored(known.status(), outcome);
        }
        yield known.status() == CallStatus.FAILED
            ? Words.notRun(ask, known.status(), reason)
            : Words.withoutResult(ask, known.status(), reason);
      }
      case UNKNOWN -> Words.unknown(ask, reason);
      case EXPIRED, CANCELLED -> Words.notRun(ask, known.status(), reason);
      case ACCEPTED, QUEUED, SENT -> {
        Ticket waiting = tickets.computeIfAbsent(ask.id(), _ -> new Ticket(ask));
        waiting.queued();
        Optional<Call> now = ledger.find(ask.id());
        if (now.isPresent() && !now.get().status().isOpen()) {
          tickets.remove(ask.id(), waiting);
          yield again(now.get(), ask); // it ended meanwhile
        }
        standing.callWaiting();
        yield await(waiting, ask);
      }
    };
  }

  private static boolean isSame(Call known, Ask ask) {
    if (!known.method().equals(ask.method()) || !Objects.equals(known.target(), ask.target())) {
      return false;
    }
    String digest = known.argumentsDigest(); // there is none of what must not be written down
    return digest == null || digest.equals(ask.argumentsDigest());
  }

  /// Sends what waits, in order, and opens the line behind the last one. What has come while the
  /// first of it was sent is sent too; who comes after that is held until the line opens, since
  /// under a steady load something would always wait.
  ///
  /// @return false when the conversation broke meanwhile
  boolean drain(UpstreamSession session) throws InterruptedException {
    try {
      while (true) {
        for (Call call : ledger.open()) {
          if (call.status() == CallStatus.QUEUED && !send(call, session)) {
            return false;
          }
        }
        if (line.openIf(session, () -> ledger.open().stream().noneMatch(Desk::isQueued))) {
          return true;
        }
        line.hold();
      }
    } finally {
      line.release();
    }
  }

  private static boolean isQueued(Call call) {
    return call.status() == CallStatus.QUEUED;
  }

  private boolean send(Call call, UpstreamSession session) throws InterruptedException {
    var ask =
        new Ask(
            call.id(),
            call.method(),
            Rewriting.raw(Objects.requireNonNull(call.params(), "what waits has its arguments")),
            Era.LEGACY,
            Outlet.NONE);
    Ticket ticket = tickets.computeIfAbsent(call.id(), _ -> new Ticket(ask));
    ticket.running();
    try {
      ledger.move(call.id(), CallStatus.SENT, null, null);
    } catch (Refusal refusal) {
      tickets.remove(call.id(), ticket);
      return true; // it was cancelled or has expired meanwhile
    }
    return carry(ticket, session, call.callClass(), true);
  }

  /// Takes a call back that is not sent yet.
  ///
  /// @return false when it was sent already, or is none
  boolean cancelQueued(CallId id, String reason) {
    try {
      ledger.move(id, CallStatus.CANCELLED, null, reason);
    } catch (Refusal notWaiting) {
      return false;
    }
    Ticket waiting = tickets.get(id);
    if (waiting != null) {
      var _ = answer(waiting, Words.notRun(waiting.ask(), CallStatus.CANCELLED, reason));
    }
    return true;
  }

  /// Tells everybody who waits that the call is queued.
  void answerWaiting(String reason) {
    for (Ticket ticket : tickets.values()) {
      if (ticket.isWaiting()) {
        var _ = answer(ticket, Words.queued(ticket.ask(), ledger.connectionId(), reason));
      }
    }
  }
}
