package dev.planaria.chaos.simulation;

import dev.planaria.chaos.report.Violation.Kind;
import dev.planaria.chaos.simulation.Request.Answer;
import dev.planaria.engine.recovery.RecoveryChoice;
import dev.planaria.engine.session.Caller;
import dev.planaria.engine.session.Committed;
import dev.planaria.engine.session.OutcomeUnknown;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.session.SessionUnavailable;
import dev.planaria.engine.session.SessionView;
import dev.planaria.engine.session.StoreUnavailable;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;

/// Answers requests in the worker, one piece of work for each.
final class Reception {

  private final World world;
  private final Worker worker;
  private final Ledger ledger;
  private final Courier courier;

  Reception(World world, Worker worker, Ledger ledger, Courier courier) {
    this.world = world;
    this.worker = worker;
    this.ledger = ledger;
    this.courier = courier;
  }

  /// Takes a request that has arrived; nobody answers when nobody serves.
  void receive(Network.Delivery delivery) {
    SessionEngine engine = worker.engine();
    if (engine == null) {
      delivery.reply().accept(new Answer.NotNow("connection refused"));
      return;
    }
    Life life = worker.life();
    var _ =
        world.turns.start(
            life,
            () -> {
              Answer answer = answer(engine, delivery.request());
              note(delivery.request(), answer);
              delivery.reply().accept(answer);
            });
  }

  private void note(Request request, Answer answer) {
    String outcome =
        switch (answer) {
          case Answer.Done done ->
              "done at "
                  + done.committed().receipt().seq()
                  + (done.committed().repeated() ? " before" : "");
          case Answer.Shown shown -> "shown " + shown.head().seq();
          case Answer.Refused refused -> "refused " + refused.code();
          case Answer.NotNow notNow -> "not now: " + notNow.why();
          case Answer.Unknown _ -> "unknown";
        };
    world.log.add(request.operationId() + " in " + request.session() + ": " + outcome);
  }

  private Answer answer(SessionEngine engine, Request request) {
    try {
      SessionId id = session(engine, request.session());
      Command command = request.command();
      if (command == null) {
        SessionView view = engine.view(id);
        if (engine.equals(worker.engine())) {
          ledger.shown(engine, view);
        }
        return new Answer.Shown(view.head());
      }
      Committed committed =
          engine.submit(id, command, new Caller(request.caller(), request.operationId()));
      ledger.acknowledged(engine, request, committed);
      if (command instanceof Command.AcceptCall) {
        courier.wake();
      }
      return new Answer.Done(committed);
    } catch (Refusal refusal) {
      ledger.refused(request, refusal.code());
      return new Answer.Refused(refusal.code());
    } catch (StoreUnavailable failed) {
      return new Answer.NotNow("the store fails");
    } catch (SessionUnavailable quarantined) {
      return decide(engine, quarantined);
    } catch (OutcomeUnknown unknown) {
      ledger.unknown();
      return new Answer.Unknown();
    }
  }

  private static SessionId session(SessionEngine engine, String name) {
    return engine
        .find(name)
        .map(summary -> summary.id())
        .orElseGet(() ->
            engine
                .openSession(
                    name, null, SwarmConfiguration.DEFAULT, new Caller("operator", "open-" + name))
                .state()
                .id());
  }

  /// The operator of this world accepts every loss, of which there must be none without damage.
  private Answer decide(SessionEngine engine, SessionUnavailable quarantined) {
    if (!ledger.isDamaged()) {
      world.violate(Kind.UNSOUND, "quarantined, and nothing was damaged: " + quarantined);
    }
    try {
      var _ = engine.recover(quarantined.sessionId(), new RecoveryChoice.AcceptLoss());
      world.log.add("the operator accepts a loss");
    } catch (SessionUnavailable | StoreUnavailable still) {
      world.log.add("a session cannot be recovered now");
    }
    return new Answer.NotNow("quarantined");
  }
}
