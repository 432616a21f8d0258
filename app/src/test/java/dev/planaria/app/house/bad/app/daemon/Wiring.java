package dev.planaria.app.house.bad.app.daemon;

import java.time.Instant;

/// The one place that may read the clock.
public final class Wiring {

  private Wiring() {}

  /// The real time.
  public static Instant instant() {
    return Instant.now();
  }
}
