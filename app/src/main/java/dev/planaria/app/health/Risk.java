package dev.planaria.app.health;

import org.jspecify.annotations.Nullable;

/// What may become a fault.
///
/// @param risk its name
/// @param value null when nobody can tell
/// @param unit of value and limit
/// @param limit from where on it is told
/// @param status how near it is
/// @param reason in a sentence
public record Risk(
    String risk,
    @Nullable Double value,
    String unit,
    double limit,
    Wellness status,
    String reason) {
  /// From this share of a hard bound on it is nearly reached.
  private static final double NEARLY = 0.95;

  /// A share of something that has a hard end.
  static Risk share(String risk, @Nullable Double value, double limit, String of) {
    if (value == null) {
      return unknown(risk, "ratio", limit, "nothing is known of " + of);
    }
    Wellness status =
        value >= NEARLY ? Wellness.FAIL : value >= limit ? Wellness.WARN : Wellness.OK;
    return new Risk(risk, value, "ratio", limit, status, Math.round(value * 100) + " % of " + of);
  }

  /// What nobody can tell.
  static Risk unknown(String risk, String unit, double limit, String reason) {
    return new Risk(risk, null, unit, limit, Wellness.UNKNOWN, reason);
  }

  /// A figure that is bad above its limit; null when nothing happened that it could be made of,
  /// which is well.
  static Risk above(String risk, @Nullable Double value, String unit, double limit, String what) {
    return new Risk(
        risk,
        value,
        unit,
        limit,
        value != null && value > limit ? Wellness.WARN : Wellness.OK,
        value == null ? "there was no " + what : what);
  }
}
