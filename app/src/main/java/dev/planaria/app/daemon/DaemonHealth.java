package dev.planaria.app.daemon;

import dev.planaria.app.alerts.Patience;
import dev.planaria.app.alerts.Patience.Outcome;
import dev.planaria.app.alerts.Readings;
import dev.planaria.app.alerts.Thresholds;
import dev.planaria.app.health.Check;
import dev.planaria.app.health.DaemonChecks;
import dev.planaria.app.health.HealthViews;
import dev.planaria.app.health.Risk;
import dev.planaria.app.health.SessionChecks;
import dev.planaria.app.health.Trends;
import dev.planaria.app.health.Wellness;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.WireName;
import dev.planaria.engine.recovery.RecoveryRun;
import dev.planaria.engine.session.SessionEngine;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// How well this worker is: keeps what the last turn of monitoring has read, and looks at what
/// changes faster when it is asked, no longer than its patience lasts. Thread-safe.
final class DaemonHealth {
  private static final String SUBJECT = "daemon";
  private static final double NANOS_PER_MILLI = 1_000_000;

  /// About the last ten minutes.
  private static final int ROUND_TRIPS = 120;

  private final SessionEngine engine;
  private final WorkerEnvironment environment;
  private final Patience patience;
  private final Trends trends = new Trends();
  // Guarded by this.
  private final Deque<Double> roundTrips = new ArrayDeque<>();
  private Readings readings;

  DaemonHealth(SessionEngine engine, WorkerEnvironment environment, Patience patience) {
    this.engine = engine;
    this.environment = environment;
    this.patience = patience;
    this.readings = Readings.notYet(environment.nowMillis());
  }

  /// A turn has read this. Components are looked at too, so that who asks later hears of a trend.
  void take(Readings fresh) {
    synchronized (this) {
      readings = fresh;
    }
    var _ = toJson();
  }

  /// Everything, as operators see it.
  JsonObject toJson() {
    Check store = probed();
    long now = environment.nowMillis();
    DaemonChecks daemon = daemon(now);
    List<Check> checks = daemon.checks(store);
    List<Risk> risks = daemon.risks();
    return JsonObject.builder()
        .put("status", WireName.of(HealthViews.worst(checks, risks)))
        .put("components", HealthViews.checks(SUBJECT, checks, trends, now))
        .put("risks", HealthViews.risks(risks))
        .build();
  }

  private Check probed() {
    long begin = System.nanoTime();
    Check store = SessionChecks.store(engine, patience);
    double took = (double) (System.nanoTime() - begin) / NANOS_PER_MILLI;
    if (store.status() == Wellness.OK) {
      synchronized (this) {
        roundTrips.addLast(took);
        if (roundTrips.size() > ROUND_TRIPS) {
          roundTrips.removeFirst();
        }
      }
    }
    return store;
  }

  private DaemonChecks daemon(long now) {
    List<RecoveryRun> runs =
        switch (patience.await(Readings.Part.RECOVERIES.words(), () -> engine.recoveryRuns(1))) {
          case Outcome.Done<List<RecoveryRun>>(List<RecoveryRun> read) -> read;
          case Outcome.Failed<List<RecoveryRun>> _, Outcome.Hanging<List<RecoveryRun>> _ -> null;
        };
    synchronized (this) {
      return new DaemonChecks(
          readings,
          Thresholds.DEFAULT,
          new DaemonChecks.Machine(
              heldBytes(), Runtime.getRuntime().maxMemory(), runs, List.copyOf(roundTrips)),
          now);
    }
  }

  /// What the heap held after its last collections: what is garbage by now presses nobody.
  private static long heldBytes() {
    long held = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      MemoryUsage usage = pool.getCollectionUsage();
      if (pool.getType() == MemoryType.HEAP && usage != null) {
        held += usage.getUsed();
      }
    }
    return held;
  }
}
