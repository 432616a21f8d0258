package dev.planaria.app.clients.faults;

import org.jspecify.annotations.Nullable;

/// Where a kill hit a call.
public enum Phase {
  /// The worker had not read the request's headers.
  BEFORE_HEADERS,
  /// It had, but the primer had not been written.
  BEFORE_PRIMER,
  /// The client had been promised an answer that was not there yet.
  AFTER_PRIMER,
  /// The answer was recorded; the client did not have it.
  AFTER_RESULT;

  /// The phase of a call whose last point was that; null: it passed none.
  static Phase after(@Nullable Point last) {
    return switch (last) {
      case null -> BEFORE_HEADERS;
      case HEADERS, PRIMER_DUE -> BEFORE_PRIMER;
      case PRIMED -> AFTER_PRIMER;
      case ANSWER_DUE, ANSWERED -> AFTER_RESULT;
    };
  }
}
