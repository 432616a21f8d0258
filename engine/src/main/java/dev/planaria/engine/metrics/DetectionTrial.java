package dev.planaria.engine.metrics;

/// What became of damage that was planted to see whether it is found; in a copy, or in a store of
/// its own, never in the one that serves.
///
/// @param atMillis when the trial was over, Unix time
/// @param planted damages that really changed a file
/// @param found those that a check told of
/// @param missed those that nobody told of, though what is answered differs
/// @param innocent findings about sessions that the damage could not concern
public record DetectionTrial(long atMillis, long planted, long found, long missed, long innocent) {

  /// No trial.
  public static final DetectionTrial NONE = new DetectionTrial(0, 0, 0, 0, 0);

  /// Both together, as of the later of the two.
  public DetectionTrial plus(DetectionTrial other) {
    return new DetectionTrial(
        Math.max(atMillis, other.atMillis),
        planted + other.planted,
        found + other.found,
        missed + other.missed,
        innocent + other.innocent);
  }
}
