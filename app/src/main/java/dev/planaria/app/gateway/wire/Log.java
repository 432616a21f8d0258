package dev.planaria.app.gateway.wire;

import org.jspecify.annotations.Nullable;

/// Where things are written down that only an operator can act on. Thread-safe. Never given a
/// token.
public interface Log {
  /// Something noteworthy that is as it should be.
  void info(String message);

  /// Something is not as it should be, and was dealt with.
  void warn(String message, @Nullable Throwable cause);
}
