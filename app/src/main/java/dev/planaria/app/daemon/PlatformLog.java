package dev.planaria.app.daemon;

import dev.planaria.app.gateway.wire.Log;
import java.text.MessageFormat;
import java.util.ResourceBundle;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Where the warnings go that the engine and the JDK give to the platform's logger: in the worker
/// to its log, which is bounded and shows no token, elsewhere to standard error, a line each. Found
/// by the platform as a service; thread-safe.
public final class PlatformLog extends System.LoggerFinder {

  private static final AtomicReference<@Nullable Log> WORKER = new AtomicReference<>();

  /// Called by the platform.
  public PlatformLog() {}

  /// From here on they go to that log.
  static void to(Log log) {
    WORKER.set(log);
  }

  private static void warn(String message, @Nullable Throwable cause) {
    Log log = WORKER.get();
    if (log != null) {
      log.warn(message, cause);
    } else {
      System.err.println("planaria: " + message + (cause == null ? "" : " (" + cause + ")"));
    }
  }

  @Override
  public System.Logger getLogger(String name, Module module) {
    return new Named(name);
  }

  /// One logger of many.
  private record Named(String name) implements System.Logger {
    @Override
    public String getName() {
      return name;
    }

    @Override
    public boolean isLoggable(Level level) {
      return level.getSeverity() >= Level.WARNING.getSeverity() && level != Level.OFF;
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String message,
        @Nullable Throwable thrown) {
      if (isLoggable(level)) {
        warn(String.valueOf(message), thrown);
      }
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String format,
        @Nullable Object... parameters) {
      if (isLoggable(level)) {
        boolean plain = format == null || parameters == null || parameters.length == 0;
        warn(plain ? String.valueOf(format) : MessageFormat.format(format, parameters), null);
      }
    }
  }
}
