package dev.planaria.app.daemon;

import dev.planaria.app.gateway.wire.Log;
import dev.planaria.app.metrics.ChaosTrials;
import dev.planaria.app.metrics.KpiBoard;
import dev.planaria.chaos.report.ReportFolder;
import dev.planaria.engine.metrics.Attendance;
import dev.planaria.engine.metrics.MinuteBook;
import dev.planaria.engine.metrics.RecoverySamples;
import dev.planaria.engine.recovery.CrashEvent;
import dev.planaria.engine.session.EngineEvent;
import dev.planaria.engine.session.EngineFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the worker is measured by: recoveries, which it hears of from the engine, and the book of
/// minutes, which a thread of its own writes once it serves. Whatever goes wrong here is logged and
/// keeps nobody from being served.
final class Figures {
  private static final String BOOK = "minutes";

  private final Path directory;
  private final @Nullable CrashEvent crash;
  private final WorkerEnvironment environment;
  private final RecoverySamples samples = new RecoverySamples();
  private volatile @Nullable Attendance attendance;

  /// @param crash what befell the worker before this one, or null
  Figures(Path directory, @Nullable CrashEvent crash, WorkerEnvironment environment) {
    this.directory = directory;
    this.crash = crash;
    this.environment = environment;
  }

  /// Hears what the engine tells, from its opening on.
  Consumer<EngineEvent> listener() {
    return samples;
  }

  /// The key figures of an engine.
  KpiBoard board(EngineFigures figures, Log log) {
    var reports = new ReportFolder(directory.resolve(ReportFolder.NAME));
    return new KpiBoard(
        figures,
        samples,
        new ChaosTrials(reports, Build.version(), log),
        environment::nowMillis,
        log);
  }

  /// When the process before this one was last seen to serve, as the book says, Unix time; 0 when
  /// nobody knows.
  long lastServedMillis(Log log) {
    Path file = directory.resolve(BOOK);
    if (!Files.exists(file)) {
      return 0;
    }
    try (MinuteBook book = MinuteBook.open(file)) {
      Long second = book.read(environment.nowMillis()).lastServedSecond();
      return second == null ? 0 : second * 1_000;
    } catch (IOException e) {
      log.warn("the book of minutes cannot be read; a crash counts from the last operation", e);
      return 0;
    }
  }

  /// Begins to look once a second whether requests are served; returns at once.
  void start(EngineFigures figures, KpiBoard board, BooleanSupplier probe, Log log) {
    Thread.ofPlatform()
        .name("attendance")
        .daemon()
        .start(() -> {
          try {
            attend(figures, board, probe, log);
          } catch (IOException e) {
            log.warn("the book of minutes cannot be written; availability is not measured", e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void attend(EngineFigures figures, KpiBoard board, BooleanSupplier probe, Log log)
      throws IOException, InterruptedException {
    // Closed by the end of the process alone: each write is whole, whenever it ends.
    MinuteBook book = MinuteBook.open(directory.resolve(BOOK));
    var present =
        new Attendance(
            book,
            new Attendance.Surroundings(environment::nowMillis, environment.forEngine().nanoTime()),
            new Attendance.Totals(
                () -> Attendance.counted(figures),
                crash == null ? null : crash.lastHeartbeatMillis()));
    attendance = present;
    board.use(book);
    boolean failing = false;
    while (true) {
      try {
        present.runOnce(probe);
        failing = false;
      } catch (IOException | RuntimeException e) {
        if (!failing) {
          log.warn("the book of minutes takes no writes; availability is not measured now", e);
        }
        failing = true;
      }
      // In the middle of the next second, so that a little lateness skips none.
      Thread.sleep(1_000 - Math.floorMod(environment.nowMillis() + 500, 1_000L));
    }
  }

  /// Says that this process ends because it was told to: the time until the next one serves is not
  /// counted. Said again at the end, for what the last calls have done. A worker whose front is
  /// gone was not told to.
  void ended(MonitorPipe.Order order, Log log) {
    Attendance present = attendance;
    if (present == null || order != MonitorPipe.Order.DRAIN) {
      return;
    }
    try {
      present.endInOrder();
    } catch (IOException e) {
      log.warn("the book of minutes does not know of this end; it will count as a crash", e);
    }
  }
}
