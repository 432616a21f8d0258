package dev.planaria.engine.recovery;

import java.util.OptionalLong;

/// What a recovery will cost, from the data.
///
/// @param operationsLost how many acknowledged operations, as far as can be told before the replay
/// @param lossPercent of all that were acknowledged, 0 to 100
/// @param millis how long it will take; empty before anything was measured
public record Estimate(long operationsLost, double lossPercent, OptionalLong millis) {

  /// The estimate before a replay.
  ///
  /// @param unreadable operations that cannot be read
  /// @param acknowledged the highest seq that was ever given
  /// @param toReplay operations that must be replayed
  /// @param operationsPerSecond as measured; 0 before anything was
  public static Estimate of(
      long unreadable, long acknowledged, long toReplay, double operationsPerSecond) {
    return new Estimate(
        unreadable,
        percent(unreadable, acknowledged),
        operationsPerSecond == 0
            ? OptionalLong.empty()
            : OptionalLong.of(
                Math.ceilDiv(toReplay * 1_000, Math.max(1, (long) operationsPerSecond))));
  }

  /// Lost over acknowledged, 0 to 100.
  public static double percent(long lost, long acknowledged) {
    return acknowledged == 0 ? 0 : Math.min(100, 100.0 * lost / acknowledged);
  }
}
