package dev.planaria.engine.session;

/// How much of disk and processor goes into reading stored data again, to find damage before it is
/// needed.
///
/// @param bytesPerSecond how much is read and checked: a hundredth of what a slow disk gives and
///   about a fiftieth of a processor (50 MB/s measured), and 10 GB in three hours; 0: nothing is
/// @param pauseMillis how long it rests after it has gone through everything: a small store is not
///   read all day, and damage is found within that time and the time of one pass
public record ScrubSettings(long bytesPerSecond, long pauseMillis) {

  /// 1 MiB/s, and six hours.
  public static final ScrubSettings DEFAULT = new ScrubSettings(1 << 20, 6 * 3_600_000L);

  /// Refuses what cannot be.
  public ScrubSettings {
    if (bytesPerSecond < 0 || pauseMillis < 0) {
      throw new IllegalArgumentException(
          "`scrub.bytesPerSecond` and `scrub.pauseMillis` must not be negative");
    }
  }
}
