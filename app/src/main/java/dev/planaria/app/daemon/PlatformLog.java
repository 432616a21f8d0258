package dev.planaria.app.daemon;

import dev.planaria.app.gateway.wire.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.ResourceBundle;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Where the warnings go that the engine and the JDK give to the platform's logger: in the worker
/// to its log, which is bounded and shows no token, elsewhere to standard error, a line each, or to
/// a file while somebody has asked for that ([#aside]). Found by the platform as a service;
/// thread-safe.
public final class PlatformLog extends System.LoggerFinder {

  private static final AtomicReference<@Nullable Log> WORKER = new AtomicReference<>();
  private static final AtomicReference<@Nullable Log> ASIDE = new AtomicReference<>();

  /// Warnings that are kept out of the terminal until it is closed.
  public static final class Aside implements AutoCloseable {
    private final WorkerLog log;

    private Aside(WorkerLog log) {
      this.log = log;
    }

    /// From now on they go where they went before.
    @Override
    public void close() throws IOException {
      ASIDE.compareAndSet(log, null);
      log.close();
    }
  }

  /// Called by the platform.
  public PlatformLog() {}

  /// From here on they go to that log; with null, where they go without any.
  static void to(@Nullable Log log) {
    WORKER.set(log);
  }

  /// Until what is returned is closed, they go to `logs/warnings.log` of that directory, of which
  /// no more than 16 MiB are kept: for commands that provoke them by the thousand. In a worker they
  /// go to the worker's log all the same, so that a daemon's warnings cannot be hidden by this.
  public static Aside aside(Path directory, LongSupplier nowMillis) throws IOException {
    WorkerLog log = WorkerLog.open(directory, "warnings.log", LogFormat.TEXT, nowMillis);
    ASIDE.set(log);
    return new Aside(log);
  }

  private static void warn(String message, @Nullable Throwable cause) {
    Log worker = WORKER.get();
    Log log = worker == null ? ASIDE.get() : worker;
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
