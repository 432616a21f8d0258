package dev.planaria.app.house.bad.engine.session;

import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import java.util.function.LongSupplier;

/// Takes time, randomness and ids for itself.
public final class RealSources {

  private RealSources() {}

  /// Reads a clock that nobody handed in.
  public static Instant instant() {
    return Instant.now();
  }

  /// Hides the clock in a method reference.
  public static LongSupplier nanoTime() {
    return System::nanoTime;
  }

  /// Makes an id of its own.
  public static UUID id() {
    return UUID.randomUUID();
  }

  /// Makes a source of randomness of its own.
  public static Random random() {
    return new Random();
  }

  /// Waits by sleeping.
  public static void pause() throws InterruptedException {
    Thread.sleep(0);
  }
}
