package dev.planaria.app.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.alerts.KeptLog;
import dev.planaria.app.alerts.Readings;
import dev.planaria.app.metrics.KpiBoard;
import dev.planaria.engine.metrics.MinuteBook;
import dev.planaria.engine.metrics.RecoverySamples;
import dev.planaria.engine.session.EngineEnvironment;
import dev.planaria.engine.session.EngineGuarantees;
import dev.planaria.engine.session.EngineSettings;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.storage.simulated.SimulatedDisk;
import dev.planaria.engine.storage.simulated.SimulatedStore;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is made of the book of minutes is known only while that can be read.
class KpiFiguresTest {
  private final AtomicLong now = new AtomicLong(1_800_000_000_000L);
  private final KeptLog log = new KeptLog();

  private Readings.Kpis kpis(KpiBoard board) {
    now.addAndGet(5_000);
    return new KpiFigures(board).kpis(now.get());
  }

  @Test
  void without_its_book_nobody_knows_how_available_a_daemon_was_or_what_share_is_lost(
      @TempDir Path directory) throws Exception {
    try (var engine =
        SessionEngine.open(
            new SimulatedStore(new SimulatedDisk()),
            EngineSettings.DEFAULT.withHousekeeping(0),
            new EngineEnvironment(
                now::get, System::nanoTime, () -> new UUID(0x7000L, Long.MIN_VALUE), () -> "token"),
            null,
            EngineGuarantees.ALL)) {
      var board = new KpiBoard(engine.figures(), new RecoverySamples(), now::get, log);
      assertThat(kpis(board).availability()).as("not open yet").isNull();
      MinuteBook book = MinuteBook.open(directory.resolve("minutes"));
      long second = now.get() / 1_000;
      book.note(second - 60, second, true);
      board.use(book);
      Readings.Kpis known = kpis(board);
      assertThat(known.availability()).isNotNull();
      assertThat(known.loss()).isNotNull();
      book.close(); // from here on its disk gives errors
      Readings.Kpis blind = kpis(board);
      assertThat(blind.availability()).isNull();
      assertThat(blind.loss()).isNull();
      assertThat(blind.recoverySuccess()).as("which is in the store").isNotNull();
      assertThat(log.warnings()).hasSize(1);
    }
  }
}
