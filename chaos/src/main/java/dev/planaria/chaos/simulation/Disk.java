package dev.planaria.chaos.simulation;

import dev.planaria.engine.storage.simulated.SimulatedDisk;
import dev.planaria.engine.storage.simulated.SimulatedStore;

/// The disk as its worker sees it: every write takes time, during which others go on.
final class Disk {

  private static final long QUICK_MILLIS = 6;

  final SimulatedDisk content = new SimulatedDisk();
  private final World world;
  private long slowMillis;
  private boolean appending;

  Disk(World world) {
    this.world = world;
  }

  /// Opens the store for a worker.
  SimulatedStore open(Life life) {
    SimulationGuarantees guarantees = world.settings.guarantees();
    var store = new SimulatedStore(content, step -> write(life, step));
    if (!guarantees.storeSyncs()) {
      store.ignoreSync();
    }
    if (!guarantees.commitsSync()) {
      store.commitToCache();
    }
    if (!guarantees.fenced()) {
      store.ignoreEpoch();
    }
    if (!guarantees.commitsWrite()) {
      store.writeLate();
    }
    return store;
  }

  private void write(Life life, String step) {
    life.requireAlive();
    appending = step.equals("append");
    long millis = 1 + world.luck.nextLong(QUICK_MILLIS);
    if (slowMillis > 0) {
      world.hits.add(SimulatedFault.SLOW_DISK);
      millis += world.luck.nextLong(slowMillis);
    }
    world.turns.pause(millis);
    appending = false;
  }

  /// Every write takes up to so much longer from here on.
  void slowDown(long millis) {
    slowMillis = millis;
  }

  /// True while a commit is being written.
  boolean isAppending() {
    return appending;
  }

  /// Nobody writes any more.
  void forgetWriter() {
    appending = false;
  }
}
