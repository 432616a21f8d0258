package dev.planaria.app.gateway.wire;

import org.jspecify.annotations.Nullable;

/// Where things are written down that only an operator can act on, a line for each event.
/// Thread-safe. Never given a token.
public interface Log {
  /// Something noteworthy that is as it should be.
  void info(String message);

  /// Something is not as it should be, and was dealt with.
  void warn(String message, @Nullable Throwable cause);

  /// The same log with an id on each line, by which the lines about one thing are found. A log that
  /// keeps no ids gives itself.
  ///
  /// @param name what it is the id of, in snake_case
  default Log with(String name, Object id) {
    return this;
  }
}
