package dev.planaria.app.alerts;

/// Parts of sentences.
final class Words {
  private static final long MINUTE_MILLIS = 60_000;
  private static final long HOUR_MILLIS = 3_600_000;

  private Words() {}

  /// A length of time, as coarse as a person says it.
  static String duration(long millis) {
    if (millis < 2 * MINUTE_MILLIS) {
      return millis / 1_000 + " s";
    }
    return millis < 2 * HOUR_MILLIS ? millis / MINUTE_MILLIS + " min" : millis / HOUR_MILLIS + " h";
  }
}
