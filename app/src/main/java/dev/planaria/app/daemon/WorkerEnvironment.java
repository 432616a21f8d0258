package dev.planaria.app.daemon;

import dev.planaria.engine.session.EngineEnvironment;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/// The real clock, randomness and process of a worker. Thread-safe.
final class WorkerEnvironment {
  private static final int SECRET_BYTES = 32;

  private final SecureRandom random = new SecureRandom();
  private final Stamps stamps = new Stamps(System::currentTimeMillis);
  private final long startedAtMillis =
      ProcessHandle.current()
          .info()
          .startInstant()
          .map(Instant::toEpochMilli)
          .orElseGet(System::currentTimeMillis);

  /// What the engine takes from the outside world.
  EngineEnvironment forEngine() {
    return new EngineEnvironment(
        this::nowMillis, System::nanoTime, () -> UUID.fromString(stamps.get()), this::newSecret);
  }

  /// Unix time.
  long nowMillis() {
    return System.currentTimeMillis();
  }

  /// A UUIDv7 without dashes.
  String newId() {
    return stamps.get().replace("-", "");
  }

  /// 256 random bits, base64url.
  String newSecret() {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// When this process began, Unix time.
  long startedAtMillis() {
    return startedAtMillis;
  }

  /// How long ago that was.
  long sinceStartMillis() {
    return Math.max(0, nowMillis() - startedAtMillis);
  }

  /// This process.
  long pid() {
    return ProcessHandle.current().pid();
  }
}
