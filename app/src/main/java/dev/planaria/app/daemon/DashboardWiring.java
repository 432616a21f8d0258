package dev.planaria.app.daemon;

import dev.planaria.app.api.Api;
import dev.planaria.app.dashboard.Dashboard;
import dev.planaria.app.dashboard.DashboardSettings;
import dev.planaria.app.dashboard.LiveFeed;
import dev.planaria.app.dashboard.Logins;
import dev.planaria.app.dashboard.Watch;
import dev.planaria.app.gateway.connections.Connections;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.app.tools.Sessions;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.session.EngineEvent;
import dev.planaria.engine.session.SessionEngine;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Puts the dashboard together. Nothing of it does any work before the first page is asked for, but
/// for a look at some figures every second. Used while a worker starts.
final class DashboardWiring {
  private static final long LOOK_MILLIS = 1_000;

  private final WorkerEnvironment environment;
  private final LiveFeed feed;

  DashboardWiring(WorkerEnvironment environment) {
    this.environment = environment;
    // Two workers of one data directory never run at the same time, so that this tells them apart.
    this.feed =
        new LiveFeed(
            Long.toString(environment.startedAtMillis(), Character.MAX_RADIX)
                + Long.toString(environment.pid(), Character.MAX_RADIX),
            DashboardSettings.DEFAULT);
  }

  /// Hears what the engine tells.
  Consumer<EngineEvent> listener() {
    return feed;
  }

  /// The dashboard over what a worker has.
  Dashboard build(
      Path directory,
      SessionEngine engine,
      Sessions sessions,
      Connections connections,
      Api api,
      Log log) {
    var self =
        JsonObject.builder()
            .put("version", Build.version())
            .put("pid", environment.pid())
            .put("started_at", environment.startedAtMillis())
            .build();
    return new Dashboard(
        new Logins(
            directory,
            environment::nowMillis,
            environment::newSecret,
            DashboardSettings.DEFAULT,
            log),
        feed,
        new Watch.Sources(engine, sessions, connections, api::get, environment::nowMillis),
        DashboardSettings.DEFAULT,
        self);
  }

  /// The process ends: pages go on with the next one.
  void endListening() {
    feed.end();
  }

  /// Looks at what has changed, and says that the process lives, as long as it does. Each on a
  /// platform thread of its own: looking reads the store, and virtual threads stand on few
  /// carriers.
  static void watch(Dashboard dashboard, CountDownLatch ended, Log log) {
    every(LOOK_MILLIS, "dashboard", ended, () -> look(dashboard, log));
    every(DashboardSettings.DEFAULT.beatMillis(), "dashboard-beat", ended, dashboard::beat);
  }

  private static void every(long millis, String name, CountDownLatch ended, Runnable work) {
    Thread.ofPlatform()
        .name(name)
        .daemon()
        .start(() -> {
          try {
            while (!ended.await(millis, TimeUnit.MILLISECONDS)) {
              work.run();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private static void look(Dashboard dashboard, Log log) {
    try {
      dashboard.runOnce();
    } catch (RuntimeException e) {
      // The pages show less, and say so themselves; the daemon goes on.
      log.warn("the dashboard could not look at what has changed", e);
    }
  }
}
