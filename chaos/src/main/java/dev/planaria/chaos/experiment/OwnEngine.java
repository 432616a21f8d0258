package dev.planaria.chaos.experiment;

import dev.planaria.engine.session.EngineEnvironment;
import dev.planaria.engine.session.EngineGuarantees;
import dev.planaria.engine.session.EngineSettings;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.storage.archive.ArchiveSettings;
import dev.planaria.engine.storage.sqlite.SqliteStore;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.UUID;

/// The engine in this process, on a data directory that no daemon serves. It does nothing of
/// itself.
final class OwnEngine {

  /// Small segments, so that the first hundred operations of a session fill some.
  private static final ArchiveSettings SMALL_SEGMENTS =
      new ArchiveSettings(
          8_192, ArchiveSettings.DEFAULT.keepMillis(), ArchiveSettings.DEFAULT.deletedAtOnce());

  private OwnEngine() {}

  /// Opens what a daemon has left.
  ///
  /// @param random for ids
  static SessionEngine open(Path data, Clocks clocks, SplittableRandom random) {
    return SessionEngine.open(
        SqliteStore.open(data),
        EngineSettings.DEFAULT.withHousekeeping(0).withArchive(SMALL_SEGMENTS),
        new EngineEnvironment(
            clocks.nowMillis(),
            clocks.nanoTime(),
            () -> id(clocks, random),
            () -> Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong())),
        null,
        EngineGuarantees.ALL);
  }

  /// A UUIDv7 (RFC 9562, section 5.7).
  private static UUID id(Clocks clocks, SplittableRandom random) {
    return new UUID(
        clocks.nowMillis().getAsLong() << 16 | 0x7000 | random.nextInt(0x1000),
        random.nextLong() >>> 2 | Long.MIN_VALUE);
  }
}
