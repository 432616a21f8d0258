package dev.planaria.chaos.report;

/// What became of damage that was planted.
///
/// @param planted damages that really changed a file
/// @param found those that somebody told of: the daemon with a finding, or by refusing the store or
///   the session with a reason, or a deep verification of the files afterwards
/// @param missed those that nobody told of, though what is answered differs, or nothing is answered
/// @param innocent findings that name a session which the damage could not concern
public record Detections(long planted, long found, long missed, long innocent) {

  /// Nothing was planted.
  public static final Detections NONE = new Detections(0, 0, 0, 0);

  /// Refuses counts that cannot be.
  public Detections {
    if (planted < 0 || found < 0 || missed < 0 || innocent < 0 || found + missed > planted) {
      throw new IllegalArgumentException("more was found or missed than was planted");
    }
  }

  /// Those that changed nothing that is answered, and that no check could see: in bytes that
  /// nothing needs.
  public long withoutEffect() {
    return planted - found - missed;
  }

  /// Both together.
  public Detections plus(Detections other) {
    return new Detections(
        planted + other.planted,
        found + other.found,
        missed + other.missed,
        innocent + other.innocent);
  }
}
