package dev.planaria.chaos.simulation;

import dev.planaria.engine.checkpoint.CheckpointPolicy;
import dev.planaria.engine.journal.GroupCommit;
import dev.planaria.engine.journal.JournalException;
import dev.planaria.engine.session.EngineEnvironment;
import dev.planaria.engine.session.EngineSettings;
import dev.planaria.engine.session.ScrubSettings;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.session.StoreUnavailable;
import dev.planaria.engine.storage.archive.ArchiveSettings;
import dev.planaria.engine.storage.simulated.SimulatedStore;
import org.jspecify.annotations.Nullable;

/// The process that holds the sessions: an engine on the simulated disk, its housekeeping, and
/// whoever carries calls to the server. Killed and started again, each time as another [Life].
final class Worker {

  private static final long TICK_MILLIS = 60_000;

  /// What is read again in the background, so that damage is found that nobody comes across.
  private static final ScrubSettings SCRUB = new ScrubSettings(256, 3_600_000);

  /// Little goes on in a simulated hour, so that hours take the place of minutes.
  private static final CheckpointPolicy CHECKPOINTS =
      new CheckpointPolicy(
          30,
          CheckpointPolicy.DEFAULT.bytes(),
          new CheckpointPolicy.Intervals(120_000, 600_000, 1_800_000),
          CheckpointPolicy.DEFAULT.rates(),
          CheckpointPolicy.DEFAULT.chains());

  private static EngineSettings settings(int residentSessions) {
    return new EngineSettings(
            EngineSettings.DEFAULT.limits(),
            1_000,
            1_024,
            // Nobody is quicker than one who waits for his turn, so the writer never looks twice.
            new GroupCommit.Settings(1 << 20, 200, 0),
            EngineSettings.DEFAULT.commitTimeoutMillis(),
            EngineSettings.DEFAULT.operationIdMillis(),
            10_000,
            residentSessions,
            1_000_000,
            CHECKPOINTS,
            new ArchiveSettings(8_192, ArchiveSettings.DEFAULT.keepMillis(), 64),
            0)
        .withScrub(SCRUB);
  }

  private final World world;
  private final Disk disk;
  private final Courier courier;
  private final EngineSettings settings;
  private Life life = new Life("nobody");
  private @Nullable SimulatedStore store;
  private @Nullable SessionEngine engine;
  private int count;

  Worker(World world, Disk disk, Courier courier) {
    this.world = world;
    this.disk = disk;
    this.courier = courier;
    // In some worlds, memory has no room for all of them.
    this.settings = settings(world.oneIn(4) ? 2 : 100);
  }

  /// Starts the next process on what the one before has left.
  void start() {
    count++;
    life = new Life("worker " + count);
    world.log.add(life.name() + " starts");
    var _ = world.turns.start(life, this::live);
  }

  private void live() {
    Life mine = life;
    SimulatedStore opened = disk.open(mine);
    var environment =
        new EngineEnvironment(
                world::wallMillis,
                () -> world.turns.nowMillis() * 1_000_000,
                world::newId,
                world::newToken)
            .runBy(new SimulatedThreads(world.turns, mine));
    SessionEngine serving =
        SessionEngine.open(
            opened, settings, environment, null, world.settings.guarantees().engine());
    if (life == mine) {
      // Unless another one has taken its place while it was stopped.
      store = opened;
      engine = serving;
    }
    world.log.add(mine.name() + " serves");
    courier.begin(this, serving);
    round(serving::recoverAll);
    world.log.add(mine.name() + " has recovered");
    while (true) {
      world.turns.pause(TICK_MILLIS);
      round(serving::tick);
      round(serving::settle);
    }
  }

  /// What the engine's own housekeeping does with what a round throws.
  private void round(Runnable housekeeping) {
    try {
      housekeeping.run();
    } catch (JournalException | StoreUnavailable failed) {
      world.log.add("a round failed: " + failed.getClass().getSimpleName());
    }
  }

  /// Ends the process at once.
  void kill() {
    world.log.add(life.name() + " is killed");
    life.end();
    engine = null;
    store = null;
    disk.forgetWriter();
  }

  /// Stops the process and starts the next in its place.
  ///
  /// @return the one that was stopped, and knows nothing of it
  Life replace() {
    Life old = life;
    world.log.add(old.name() + " is taken for dead");
    old.stop(true);
    engine = null;
    store = null;
    start();
    return old;
  }

  /// The process.
  Life life() {
    return life;
  }

  /// What it serves with, or null while nobody serves.
  @Nullable SessionEngine engine() {
    return life.hasEnded() ? null : engine;
  }

  /// The store that it has opened, or null.
  @Nullable SimulatedStore store() {
    return store;
  }

  /// How many processes there were.
  int count() {
    return count;
  }
}
