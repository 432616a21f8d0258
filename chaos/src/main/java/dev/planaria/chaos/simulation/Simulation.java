package dev.planaria.chaos.simulation;

import dev.planaria.chaos.report.Violation.Kind;
import dev.planaria.engine.session.SessionEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One world from its beginning to its end: an engine on a simulated disk, callers who work in its
/// sessions, a network between them, a server behind it, and whatever befalls them. Everything that
/// happens follows from the seed.
public final class Simulation {

  private static final long MINUTE_MILLIS = 60_000;

  private final long seed;
  private final World world;
  private final Disk disk;
  private final SimulatedServer server;
  private final Courier courier;
  private final Worker worker;
  private final Ledger ledger;
  private final Network network;
  private final Fate fate;
  private final List<SimulatedCaller> callers = new ArrayList<>();
  private boolean over;

  private Simulation(long seed, SimulationSettings settings) {
    this.seed = seed;
    this.world = new World(seed, settings);
    this.disk = new Disk(world);
    this.server = new SimulatedServer(world);
    this.courier = new Courier(world, server);
    this.worker = new Worker(world, disk, courier);
    this.ledger = new Ledger(world);
    var reception = new Reception(world, worker, ledger, courier);
    this.network = new Network(world, reception::receive);
    this.fate = new Fate(world, disk, worker, network, server, ledger);
  }

  /// Lives one world through. Ends at the first promise that is not kept.
  ///
  /// @throws IllegalStateException when something in it waited elsewhere than in virtual time, so
  ///   that it can never end
  public static SimulationResult run(long seed, SimulationSettings settings) {
    var result = new AtomicReference<@Nullable SimulationResult>();
    var failure = new AtomicReference<@Nullable Throwable>();
    // On a virtual thread, so that handing over a turn costs no change of the machine's thread.
    Thread thread =
        Thread.ofVirtual()
            .uncaughtExceptionHandler((_, e) -> failure.set(e))
            .start(() -> result.set(new Simulation(seed, settings).live()));
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    SimulationResult done = result.get();
    if (done == null) {
      throw new IllegalStateException("the simulation of seed " + seed + " broke", failure.get());
    }
    return done;
  }

  private SimulationResult live() {
    SimulationSettings settings = world.settings;
    long untilMillis = settings.minutes() * MINUTE_MILLIS;
    worker.start();
    for (int i = 1; i <= settings.callers(); i++) {
      var caller = new SimulatedCaller(world, network, ledger, "c" + i);
      callers.add(caller);
      var _ = world.turns.start(world.outside, () -> caller.run(untilMillis));
    }
    var _ = world.turns.start(world.outside, () -> befall(untilMillis));
    boolean wentOn = world.turns.run(() -> over || !world.violations().isEmpty(), this::afterEach);
    if (!wentOn) {
      world.violate(Kind.STUCK, "everybody waits for what can never be");
    }
    settle();
    worker.kill();
    world.outside.end();
    world.turns.bury();
    return new SimulationResult(
        seed,
        world.log.fingerprint(),
        world.log.text(),
        world.turns.nowMillis(),
        world.turns.turns(),
        ledger.counts(),
        world.hits.counts(),
        world.violations());
  }

  /// First the faults; then everything must come to rest.
  private void befall(long untilMillis) {
    fate.run(untilMillis);
    world.turns.pause(Math.max(0, untilMillis - world.turns.nowMillis()));
    world.calmDown();
    var last = new SimulatedCaller(world, network, ledger, "last");
    boolean rest =
        world.turns.await(
            () -> callers.stream().allMatch(SimulatedCaller::hasFinished),
            world.settings.stuckMillis());
    for (int i = 0; i < world.settings.sessions(); i++) {
      last.look("s" + i);
    }
    courier.wake();
    rest &= world.turns.await(courier::isIdle, world.settings.stuckMillis());
    if (!rest) {
      world.violate(Kind.STUCK, "it does not come to rest without faults");
    }
    over = true;
  }

  private void afterEach() {
    try {
      check();
    } catch (RuntimeException broken) {
      world.broken(broken);
    }
  }

  private void check() {
    SessionEngine engine = worker.engine();
    if (engine != null) {
      ledger.observe(engine, worker.count(), world.turns.turns() % 64 == 0);
    }
    long now = world.turns.nowMillis();
    for (SimulatedCaller caller : callers) {
      if (now - caller.askedSince() > world.settings.stuckMillis()) {
        world.violate(
            Kind.STUCK, caller.name() + " has had no answer since " + caller.askedSince());
      }
    }
  }

  private void settle() {
    SessionEngine engine = worker.engine();
    try {
      if (world.violations().isEmpty() && engine != null) {
        ledger.settle(engine, server);
      }
    } catch (RuntimeException broken) {
      world.broken(broken);
    }
    world.log.add(
        "the end after " + world.turns.turns() + " turns, " + ledger.counts() + ", " + world.hits);
  }
}
