package dev.planaria.chaos.simulation;

import dev.planaria.engine.session.Caller;
import dev.planaria.engine.session.OutcomeUnknown;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.session.SessionSummary;
import dev.planaria.engine.session.SessionUnavailable;
import dev.planaria.engine.session.StoreUnavailable;
import dev.planaria.engine.state.Call;
import dev.planaria.engine.state.CallStatus;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.Connection;
import dev.planaria.engine.state.Era;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.Transport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Carries the calls of all sessions to the server, one after the other for each session, by the
/// rules of the ledger of calls: a call is written down as sent before it leaves, and what may have
/// run is never sent again unless it may repeat.
final class Courier {

  /// The connection that calls name.
  static final String CONNECTION = "server";

  private static final long LOOK_MILLIS = 60_000;
  private static final long AGAIN_MILLIS = 500;

  private final World world;
  private final SimulatedServer server;
  private long wanted;
  private boolean idle;

  /// The newest worker's; one that was taken for dead goes on for a while, and knows of nothing
  /// that is to be carried.
  private int rounds;

  Courier(World world, SimulatedServer server) {
    this.world = world;
    this.server = server;
  }

  /// There may be something to carry.
  void wake() {
    wanted++;
  }

  /// True when nothing was left to carry at the last look.
  boolean isIdle() {
    return idle;
  }

  /// Begins in a new worker: first what the one before has left behind is settled.
  void begin(Worker worker, SessionEngine engine) {
    int round = ++rounds;
    idle = false;
    var _ = world.turns.start(worker.life(), () -> run(engine, round));
  }

  private void run(SessionEngine engine, int round) {
    boolean first = true;
    while (true) {
      long seen = wanted;
      idle &= round != rounds;
      boolean allSettled = true;
      for (SessionSummary session : engine.sessions()) {
        allSettled &= serve(engine, session, first);
      }
      first &= !allSettled;
      if (round == rounds) {
        idle = allSettled && seen == wanted;
      }
      var _ = world.turns.await(() -> wanted != seen, LOOK_MILLIS);
    }
  }

  /// False when something is left to do.
  private boolean serve(SessionEngine engine, SessionSummary session, boolean first) {
    try {
      var errand = new Errand(engine, session.id());
      if (!errand.state().connections().containsKey(CONNECTION)) {
        var connection =
            Connection.of(CONNECTION, Transport.STDIO, Era.LEGACY, session.createdAtMillis());
        errand.must(new Command.PutConnection(connection), "connection");
      }
      if (first) {
        errand.settleWhatWasLeft();
      }
      return errand.carryAll();
    } catch (SessionUnavailable | StoreUnavailable | OutcomeUnknown notNow) {
      return false;
    }
  }

  /// What is carried for one session.
  private final class Errand {
    private final SessionEngine engine;
    private final SessionId id;

    Errand(SessionEngine engine, SessionId id) {
      this.engine = engine;
      this.id = id;
    }

    SessionState state() {
      return engine.view(id).state();
    }

    private List<Call> open() {
      return state().openCalls(CONNECTION).toList();
    }

    /// Calls that the worker before had sent: nobody will ever see their answers.
    void settleWhatWasLeft() {
      for (Call call : open()) {
        if (call.status() == CallStatus.SENT) {
          interrupted(call, "the worker that had sent it is gone");
        }
      }
    }

    boolean carryAll() {
      while (true) {
        List<Call> waiting = open();
        if (waiting.isEmpty()) {
          return true;
        }
        if (!server.isUp()) {
          return false;
        }
        boolean inOrder = world.settings.guarantees().inOrder();
        carry(inOrder ? waiting.getFirst() : waiting.getLast());
      }
    }

    private void carry(Call call) {
      boolean writtenFirst = world.settings.guarantees().sentIsWritten();
      if (writtenFirst && !move(call, CallStatus.SENT, null, null)) {
        return;
      }
      int link = server.link();
      world.turns.pause(1 + world.luck.nextLong(200));
      boolean ran = server.run(id, call, link);
      world.turns.pause(1 + world.luck.nextLong(3_000));
      if (!writtenFirst) {
        var _ = move(call, CallStatus.SENT, null, null);
      }
      if (ran && server.link() == link) {
        var _ = move(call, CallStatus.COMPLETED, "{\"n\":" + call.order() + "}", null);
      } else {
        interrupted(call, "the link broke");
      }
    }

    private void interrupted(Call call, String why) {
      if (call.callClass().mayRepeat()) {
        var _ = move(call, CallStatus.QUEUED, null, why);
        return;
      }
      var _ = move(call, CallStatus.UNKNOWN, null, why);
      if (!world.settings.guarantees().brokenIsUnknown()) {
        must(new Command.RetryCall(call.id()), "retry-" + named(call));
      }
    }

    private boolean move(
        Call call, CallStatus to, @Nullable String outcome, @Nullable String reason) {
      return must(new Command.MoveCall(call.id(), to, outcome, reason), to + "-" + named(call));
    }

    private static String named(Call call) {
      return call.id() + "-" + call.attempts() + "-" + call.updatedAtMillis();
    }

    /// Repeats a command until it is known what became of it. False when it was refused.
    private boolean must(Command command, String operationId) {
      while (true) {
        try {
          var _ = engine.submit(id, command, new Caller("courier", operationId));
          return true;
        } catch (Refusal refusal) {
          world.log.add("courier, " + operationId + ": refused " + refusal.code());
          return false;
        } catch (StoreUnavailable | OutcomeUnknown notNow) {
          world.turns.pause(AGAIN_MILLIS);
        }
      }
    }
  }
}
