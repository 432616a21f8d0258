package dev.planaria.chaos.simulation;

import dev.planaria.chaos.simulation.Request.Answer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Carries requests to the worker and answers back: late, in another order, twice, or not at all.
final class Network {

  private static final long QUICK_MILLIS = 40;
  private static final long SLOW_MILLIS = 20_000;
  private static final long TIMEOUT_MILLIS = 15_000;
  private static final int SELDOM = 200;

  private final World world;
  private final Consumer<Delivery> worker;
  private int lossOneIn = SELDOM;
  private int repeatOneIn = SELDOM;
  private int delayOneIn = SELDOM;

  /// A request that has arrived.
  ///
  /// @param request the request
  /// @param reply takes the answer on its way
  record Delivery(Request request, Consumer<Answer> reply) {}

  /// What a caller waits for.
  private static final class Exchange {
    @Nullable Answer answer;
  }

  /// @param worker takes what arrives
  Network(World world, Consumer<Delivery> worker) {
    this.world = world;
    this.worker = worker;
  }

  /// Sends a request and waits for its answer.
  ///
  /// @return null when there was none in time
  @Nullable Answer ask(Request request) {
    var exchange = new Exchange();
    send(request, exchange);
    if (happens(SimulatedFault.MESSAGE_REPEATED, repeatOneIn)) {
      send(request, exchange);
    }
    var _ = world.turns.await(() -> exchange.answer != null, TIMEOUT_MILLIS);
    return exchange.answer;
  }

  private void send(Request request, Exchange exchange) {
    travel(() ->
        worker.accept(new Delivery(request, answer -> travel(() -> exchange.answer = answer))));
  }

  private void travel(Runnable arrival) {
    long millis = 1 + world.luck.nextLong(QUICK_MILLIS);
    if (happens(SimulatedFault.MESSAGE_DELAYED, delayOneIn)) {
      millis += world.luck.nextLong(SLOW_MILLIS);
    }
    boolean lost = happens(SimulatedFault.MESSAGE_DROPPED, lossOneIn);
    long wait = millis;
    if (!lost) {
      var _ =
          world.turns.start(
              world.outside,
              () -> {
                world.turns.pause(wait);
                arrival.run();
              });
    }
  }

  private boolean happens(SimulatedFault fault, int oneIn) {
    boolean happens =
        !world.isCalm() && world.settings.faults().contains(fault) && world.oneIn(oneIn);
    if (happens) {
      world.hits.add(fault);
    }
    return happens;
  }

  /// Lets a fault happen often, or seldom again.
  void disturb(SimulatedFault fault, boolean often) {
    int oneIn = often ? 3 : SELDOM;
    switch (fault) {
      case MESSAGE_DROPPED -> lossOneIn = oneIn;
      case MESSAGE_REPEATED -> repeatOneIn = oneIn;
      case MESSAGE_DELAYED -> delayOneIn = oneIn;
      default -> throw new IllegalArgumentException(fault + " is none of the network");
    }
  }
}
