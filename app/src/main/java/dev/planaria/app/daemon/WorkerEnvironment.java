package dev.planaria.app.daemon;

import dev.planaria.app.gateway.connections.Clock;
import dev.planaria.engine.session.EngineEnvironment;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/// The real clock, randomness and process of a worker. Thread-safe.
final class WorkerEnvironment {
  private final EngineEnvironment engine = RealEnvironment.engine();
  private final long startedAtMillis =
      ProcessHandle.current()
          .info()
          .startInstant()
          .map(Instant::toEpochMilli)
          .orElseGet(System::currentTimeMillis);

  /// What the engine takes from the outside world.
  EngineEnvironment forEngine() {
    return engine;
  }

  /// Unix time.
  long nowMillis() {
    return engine.nowMillis().getAsLong();
  }

  /// A UUIDv7 without dashes.
  String newId() {
    return engine.newId().get().toString().replace("-", "");
  }

  /// 256 random bits, base64url.
  String newSecret() {
    return engine.newToken().get();
  }

  /// For connections to other servers.
  Clock clock() {
    return new Clock(engine.nowMillis(), () -> ThreadLocalRandom.current().nextDouble());
  }

  /// When this process began, Unix time.
  long startedAtMillis() {
    return startedAtMillis;
  }

  /// This process.
  long pid() {
    return ProcessHandle.current().pid();
  }
}
