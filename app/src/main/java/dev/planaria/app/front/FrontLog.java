package dev.planaria.app.front;

/// Where the front writes, in one line each, what it did and why. Never a header, a body or a
/// token. Thread-safe.
@FunctionalInterface
public interface FrontLog {

  /// Writes one line.
  void note(String line);
}
