package dev.planaria.app.clients.faults;

import java.util.Locale;

/// A point in a call's life inside the worker, in the order in which calls pass them.
public enum Point {
  /// The request's headers were read.
  HEADERS,
  /// The primer is about to leave; the call is recorded.
  PRIMER_DUE,
  /// The primer was written.
  PRIMED,
  /// The answer is recorded and about to leave.
  ANSWER_DUE,
  /// The answer was written.
  ANSWERED;

  /// How it is written in files.
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Point of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
