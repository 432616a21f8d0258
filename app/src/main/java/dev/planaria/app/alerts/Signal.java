package dev.planaria.app.alerts;

import org.jspecify.annotations.Nullable;

/// What the rules say about one type and subject, now.
///
/// @param type of the alert it concerns
/// @param subject what it is about
/// @param verdict what it means for that alert
/// @param cause tells one event from another; empty for conditions
/// @param message what is the case, in a sentence
/// @param value what was measured, or null
/// @param threshold what it was held against, or null
/// @param sinceMillis since when that is so, Unix time; null when it is so from now on
record Signal(
    AlertType type,
    Subject subject,
    Verdict verdict,
    String cause,
    String message,
    @Nullable Double value,
    @Nullable Double threshold,
    @Nullable Long sinceMillis) {

  /// What is so from now on, as far as anybody knows.
  Signal(
      AlertType type,
      Subject subject,
      Verdict verdict,
      String cause,
      String message,
      @Nullable Double value,
      @Nullable Double threshold) {
    this(type, subject, verdict, cause, message, value, threshold, null);
  }

  /// What a signal means for its alert.
  enum Verdict {
    BAD,
    /// Behind neither bound: what fires goes on, what does not begins nothing.
    BETWEEN,
    GOOD,
    /// Nobody can tell: everything stays as it is.
    UNKNOWN
  }

  Signal as(Verdict other) {
    return new Signal(type, subject, other, cause, message, value, threshold, sinceMillis);
  }
}
