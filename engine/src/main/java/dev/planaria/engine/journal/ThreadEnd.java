package dev.planaria.engine.journal;

/// Waits for a thread that has been told to end.
public final class ThreadEnd {

  private ThreadEnd() {}

  /// Returns when the thread has ended, however often the caller is interrupted meanwhile: what it
  /// holds must not be released before. The interrupt is handed on.
  public static void await(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
