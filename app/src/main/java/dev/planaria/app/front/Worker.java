package dev.planaria.app.front;

import dev.planaria.engine.recovery.CrashEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One worker, as the monitor sees it. Thread-safe.
interface Worker {

  /// Its process id.
  long pid();

  /// Where it listens once it is ready.
  Path socket();

  /// Asks it to end its calls and exit.
  void drain();

  /// Ends it at once (SIGKILL). What it had written before can still be read.
  void kill();

  /// Deletes what it leaves behind; called when it is gone.
  void cleanUp();

  /// Starts workers; tests hand in one that starts none.
  @FunctionalInterface
  interface Launcher {

    /// Starts a worker, which from now on tells the monitor what befalls it.
    ///
    /// @param generation the number that its events carry
    /// @param crash what befell the one before it, or null
    Worker launch(
        long generation,
        WorkerCommand command,
        @Nullable CrashEvent crash,
        Consumer<MonitorEvent> monitor)
        throws IOException;
  }
}
