package dev.planaria.app.clients.faults;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// One kill, as it was done.
///
/// @param aimedAt the phase that it was aimed at, or null when it came at a random moment
/// @param workerPid the worker at that moment, whether it was killed or lost its front
/// @param atMicros when the signal was sent, in microseconds of Unix time
public record Kill(@Nullable Phase aimedAt, long workerPid, long atMicros) {

  /// When the signal was sent.
  public Instant at() {
    return Instant.EPOCH.plus(atMicros, ChronoUnit.MICROS);
  }
}
