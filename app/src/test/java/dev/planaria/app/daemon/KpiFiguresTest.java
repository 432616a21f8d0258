package dev.planaria.app.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.alerts.KeptLog;
import dev.planaria.app.alerts.Readings.Figure;
import dev.planaria.app.api.KpiViews;
import dev.planaria.app.metrics.ChaosTrials;
import dev.planaria.app.metrics.KpiBoard;
import dev.planaria.chaos.report.ReportFolder;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.metrics.MinuteBook;
import dev.planaria.engine.metrics.RecoverySamples;
import dev.planaria.engine.metrics.Window;
import dev.planaria.engine.session.EngineEnvironment;
import dev.planaria.engine.session.EngineSettings;
import dev.planaria.engine.session.SessionEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is said of figures before the book of minutes can be read.
class KpiFiguresTest {

  @TempDir private Path directory;
  private final AtomicLong now = new AtomicLong(1_800_000_000_000L);
  private final KeptLog log = new KeptLog();

  @Test
  void of_availability_and_loss_nobody_can_tell_anything_until_the_book_is_open()
      throws IOException {
    var samples = new RecoverySamples();
    var environment =
        new EngineEnvironment(
            now::get,
            System::nanoTime,
            () -> new UUID(now.get() << 16 | 0x7000L, Long.MIN_VALUE),
            () -> "token",
            samples);
    try (SessionEngine engine =
        SessionEngine.open(
            directory, EngineSettings.DEFAULT.withHousekeeping(0), environment, null)) {
      var board =
          new KpiBoard(
              engine.figures(),
              samples,
              new ChaosTrials(new ReportFolder(directory.resolve("chaos")), "test", log),
              now::get,
              log);
      var figures = new KpiFigures(board);
      assertThat(figures.kpis(now.get()).availability()).isNull();
      assertThat(figures.kpis(now.get()).loss()).isNull();
      assertThat(board.now().of(Window.DAY).availability()).isNull();
      assertThat(Json.write(KpiViews.json(board.now())))
          .contains("\"availability\":null")
          .doesNotContain("\"availability\":0");
      try (MinuteBook book = MinuteBook.open(directory.resolve("minutes"))) {
        long second = now.get() / 1_000;
        book.note(second, second + 3, true);
        board.use(book);
        now.addAndGet(10_000);
        assertThat(figures.kpis(now.get()).availability()).isEqualTo(new Figure(1.0, 4));
      }
      now.addAndGet(10_000);
      assertThat(figures.kpis(now.get()).availability()).as("a book that cannot be read").isNull();
      assertThat(log.warnings()).singleElement().asString().contains("cannot be read");
    }
  }
}
