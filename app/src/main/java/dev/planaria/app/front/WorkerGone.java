package dev.planaria.app.front;

import org.jspecify.annotations.Nullable;

/// The connection to the worker broke before the answer was complete: the worker died, or it
/// dropped the connection. Nobody knows how far the request got; its stamp makes it safe to send
/// again.
final class WorkerGone extends Exception {

  private static final long serialVersionUID = 1;

  private final long generation;
  private final boolean perhapsStale;

  /// @param perhapsStale true when the connection had been kept for reuse and gave no byte of an
  ///   answer: a living worker may have closed it as idle
  WorkerGone(long generation, boolean perhapsStale, String what, @Nullable Throwable cause) {
    super(what, cause, false, false);
    this.generation = generation;
    this.perhapsStale = perhapsStale;
  }

  /// Which worker it was.
  long generation() {
    return generation;
  }

  boolean perhapsStale() {
    return perhapsStale;
  }
}
