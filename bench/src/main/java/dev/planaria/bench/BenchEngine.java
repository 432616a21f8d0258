package dev.planaria.bench;

import dev.planaria.engine.session.EngineEnvironment;
import dev.planaria.engine.session.EngineSettings;
import dev.planaria.engine.session.SessionEngine;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/// An engine on a directory.
final class BenchEngine {

  private BenchEngine() {}

  static SessionEngine open(Path directory) {
    return open(directory, EngineSettings.DEFAULT);
  }

  static SessionEngine open(Path directory, EngineSettings settings) {
    var ids = new AtomicLong();
    var environment =
        new EngineEnvironment(
            System::currentTimeMillis,
            System::nanoTime,
            () ->
                new UUID(
                    System.currentTimeMillis() << 16 | 0x7000L,
                    ThreadLocalRandom.current().nextLong() | Long.MIN_VALUE),
            () -> "token-" + ids.incrementAndGet());
    return SessionEngine.open(directory, settings, environment, null);
  }
}
