package dev.planaria.chaos.simulation;

import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.storage.simulated.SimulatedStore;
import dev.planaria.engine.storage.simulated.SimulatedStore.CheckpointFault;
import dev.planaria.engine.storage.simulated.SimulatedStore.Fault;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lets one fault after the other befall the world, now and then two at once.
final class Fate {

  private static final long HOUR_MILLIS = 3_600_000;
  private static final long LENGTH_MILLIS = 60_000;
  private static final long MOST_MILLIS = 300_000;
  private static final long MEETING_MILLIS = 120_000;

  private final World world;
  private final Disk disk;
  private final Worker worker;
  private final Network network;
  private final SimulatedServer server;
  private final Ledger ledger;
  private final List<SimulatedFault> faults;

  Fate(
      World world,
      Disk disk,
      Worker worker,
      Network network,
      SimulatedServer server,
      Ledger ledger) {
    this.world = world;
    this.disk = disk;
    this.worker = worker;
    this.network = network;
    this.server = server;
    this.ledger = ledger;
    EnumSet<SimulatedFault> chosen = EnumSet.noneOf(SimulatedFault.class);
    chosen.addAll(world.settings.faults());
    chosen.remove(SimulatedFault.LEASE_EXPIRED);
    this.faults = List.copyOf(chosen);
  }

  /// Goes on until that time.
  void run(long untilMillis) {
    while (true) {
      long pause = world.oneIn(5) ? world.luck.nextLong(3_000) : gap();
      if (faults.isEmpty() || world.turns.nowMillis() + pause >= untilMillis) {
        return;
      }
      world.turns.pause(pause);
      SimulatedFault fault = world.anyOf(faults);
      world.log.add("fault: " + fault.label());
      strike(fault);
    }
  }

  private long gap() {
    return world.around(world.settings.faultMillis());
  }

  /// How long a fault lasts that lasts.
  private long length() {
    return Math.min(MOST_MILLIS, world.around(LENGTH_MILLIS));
  }

  private void hit(SimulatedFault fault) {
    world.hits.add(fault);
  }

  private void strike(SimulatedFault fault) {
    switch (fault) {
      case KILL -> {
        hit(fault);
        worker.kill();
        startAgain();
      }
      case KILL_IN_COMMIT -> {
        if (world.turns.await(disk::isAppending, MEETING_MILLIS)) {
          hit(fault);
          worker.kill();
          startAgain();
        }
      }
      case KILL_IN_SYNC -> killInSync();
      case POWER_LOSS -> losePower();
      case PAUSE -> {
        hit(fault);
        worker.life().stop(true);
        world.turns.pause(5_000 + world.luck.nextLong(120_000));
        worker.life().stop(false);
      }
      case TAKEOVER -> {
        hit(fault);
        server.breakLink();
        Life old = worker.replace();
        world.turns.pause(world.luck.nextLong(5_000));
        old.stop(false);
        world.turns.pause(world.luck.nextLong(30_000));
        old.end();
      }
      case COMMIT_FAILED, COMMIT_UNKNOWN, REOPENING_FAILED -> failCommits(fault);
      case CHECKPOINT_FAILED -> failCheckpoint();
      case SLOW_DISK -> {
        disk.slowDown(world.oneIn(2) ? 4_000 : 90_000);
        world.turns.pause(length());
        disk.slowDown(0);
      }
      case CLOCK_FORWARD, CLOCK_BACK -> {
        hit(fault);
        world.stepClock(fault == SimulatedFault.CLOCK_BACK ? -HOUR_MILLIS : HOUR_MILLIS);
      }
      case FRAME_DAMAGED, CHECKPOINT_DAMAGED -> damage(fault);
      case MESSAGE_DROPPED, MESSAGE_REPEATED, MESSAGE_DELAYED -> {
        network.disturb(fault, true);
        world.turns.pause(length());
        network.disturb(fault, false);
      }
      case SERVER_DIED -> {
        hit(fault);
        server.setUp(false);
        world.turns.pause(length());
        server.setUp(true);
      }
      case SERVER_LINK_BROKEN -> {
        hit(fault);
        server.breakLink();
      }
      case LEASE_EXPIRED -> throw new IllegalStateException("it happens by itself");
    }
  }

  /// Starts the next worker, mostly at once. Now and then it dies while it recovers.
  private void startAgain() {
    world.turns.pause(world.oneIn(8) ? length() : 200 + world.luck.nextLong(2_000));
    worker.start();
    if (world.oneIn(4)) {
      world.turns.pause(world.luck.nextLong(60));
      worker.kill();
      startAgain();
    }
  }

  private void killInSync() {
    SimulatedStore store = worker.store();
    if (store == null) {
      return;
    }
    int before = store.hits();
    store.failNext(Fault.AFTER_WRITE);
    store.failReopening(Integer.MAX_VALUE);
    boolean met = world.turns.await(() -> store.hits() > before, MEETING_MILLIS);
    if (met) {
      hit(SimulatedFault.KILL_IN_SYNC);
      world.turns.pause(world.luck.nextLong(2_000));
    }
    worker.kill();
    startAgain();
  }

  /// The machine goes down, now and then soon after a worker had ended inside an fsync.
  private void losePower() {
    if (world.oneIn(2)) {
      killInSync();
      world.turns.pause(world.luck.nextLong(300));
    }
    hit(SimulatedFault.POWER_LOSS);
    worker.kill();
    int unsynced = disk.content.unsyncedFrames();
    int lost = disk.content.losePower(world.luck.nextInt(unsynced + 1));
    world.log.add("the power is gone, and " + lost + " frames with it");
    startAgain();
  }

  private void failCommits(SimulatedFault fault) {
    SimulatedStore store = worker.store();
    if (store == null) {
      return;
    }
    int before = store.hits();
    Fault kind = fault == SimulatedFault.COMMIT_FAILED ? Fault.BEFORE_WRITE : Fault.AFTER_WRITE;
    if (fault == SimulatedFault.REOPENING_FAILED) {
      store.failReopening(1 + world.luck.nextInt(100));
    }
    for (int i = world.luck.nextInt(3); i >= 0; i--) {
      store.failNext(kind);
    }
    if (world.turns.await(() -> store.hits() > before, MEETING_MILLIS)) {
      hit(fault);
    }
  }

  private void failCheckpoint() {
    SimulatedStore store = worker.store();
    if (store == null) {
      return;
    }
    int before = store.hits();
    store.failNextCheckpoint(world.anyOf(List.of(CheckpointFault.values())));
    if (world.turns.await(() -> store.hits() > before, 3 * MEETING_MILLIS)) {
      hit(SimulatedFault.CHECKPOINT_FAILED);
    }
  }

  private void damage(SimulatedFault fault) {
    worker.kill();
    boolean frame = fault == SimulatedFault.FRAME_DAMAGED;
    @Nullable String damaged = frame ? damageFrame() : damageCheckpoint();
    if (damaged != null) {
      world.log.add("a bit flips in " + damaged);
      ledger.damaged();
      hit(fault);
    }
    startAgain();
  }

  private @Nullable String damageFrame() {
    List<Long> frames = disk.content.frameIds();
    if (frames.isEmpty()) {
      return null;
    }
    long id = world.anyOf(frames);
    disk.content.flip(id, world.luck.nextInt(disk.content.frameBytes(id)));
    return "frame " + id;
  }

  private @Nullable String damageCheckpoint() {
    List<CheckpointInfo> checkpoints = disk.content.checkpoints();
    if (checkpoints.isEmpty()) {
      return null;
    }
    CheckpointInfo one = world.anyOf(checkpoints);
    disk.content.flip(one.id(), world.luck.nextInt((int) one.bytes()));
    return "a checkpoint at " + one.seq();
  }
}
