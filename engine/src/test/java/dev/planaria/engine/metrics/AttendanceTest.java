package dev.planaria.engine.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.metrics.Minute.Counts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the book says when writing it takes its time, or fails.
class AttendanceTest {

  @TempDir private Path directory;
  private final AtomicLong wall = new AtomicLong(1_800_000_000_000L);
  private final AtomicLong syncMillis = new AtomicLong();
  private long operations;
  private FaultyRing ring;
  private MinuteBook book;
  private Attendance attendance;

  @BeforeEach
  void open() throws IOException {
    Path file = directory.resolve("minutes");
    MinuteBook.open(file).close();
    ring = new FaultyRing(MinuteBook.channel(file), () -> pass(syncMillis.get()));
    book = new MinuteBook(ring);
    attendance =
        new Attendance(
            book,
            new Attendance.Surroundings(wall::get, () -> wall.get() * 1_000_000),
            new Attendance.Totals(() -> new Counts(operations, 0, 0, 0, 0), null));
  }

  private void pass(long millis) {
    wall.addAndGet(millis);
  }

  private void look(int seconds, boolean served) throws IOException {
    for (int i = 0; i < seconds; i++) {
      operations++;
      attendance.runOnce(() -> served);
      pass(1_000);
    }
  }

  private void lookInVain(int seconds, boolean served) {
    for (int i = 0; i < seconds; i++) {
      assertThatThrownBy(() -> look(1, served)).hasMessageContaining("no space left");
      pass(1_000);
    }
  }

  private void assertBook(long observed, long served) throws IOException {
    var minutes = book.read(wall.get()).minutes();
    assertThat(minutes.stream().mapToLong(Minute::secondsServed).sum()).isEqualTo(served);
    assertThat(minutes.stream().mapToLong(Minute::secondsObserved).sum()).isEqualTo(observed);
    assertThat(minutes.stream().mapToLong(minute -> minute.counts().operations()).sum())
        .isEqualTo(operations);
  }

  @Test
  void a_sync_that_takes_long_is_no_outage_and_nobody_has_looked_meanwhile() throws IOException {
    look(10, true);
    syncMillis.set(7_000);
    look(60, true);
    assertBook(70, 70);
  }

  @Test
  void what_is_seen_while_the_book_takes_no_writes_is_noted_when_it_does() throws IOException {
    look(5, true);
    ring.fail(true);
    lookInVain(10, true);
    lookInVain(4, false);
    lookInVain(1, true);
    assertThat(ring.refused()).isPositive();
    ring.fail(false);
    look(5, true);
    assertBook(25, 21);
  }

  @Test
  void a_process_that_stood_still_is_found_though_the_book_takes_no_writes() throws IOException {
    look(5, true);
    ring.fail(true);
    lookInVain(3, true);
    pass(8_000);
    ring.fail(false);
    look(5, true);
    assertBook(21, 13);
  }

  @Test
  void what_a_book_takes_at_the_end_alone_is_in_it() throws IOException {
    look(2, true);
    ring.fail(true);
    lookInVain(6, true);
    assertThatThrownBy(attendance::endInOrder).hasMessageContaining("no space left");
    ring.fail(false);
    attendance.endInOrder();
    assertBook(8, 8);
  }

  @Test
  void of_more_than_can_be_kept_the_oldest_seconds_are_not_observed() throws IOException {
    look(1, true);
    ring.fail(true);
    int stretches = Attendance.MOST_UNWRITTEN + 10;
    for (int i = 0; i < stretches; i++) {
      lookInVain(1, i % 2 == 0);
    }
    ring.fail(false);
    attendance.endInOrder();
    assertBook(1 + Attendance.MOST_UNWRITTEN, 1 + Attendance.MOST_UNWRITTEN / 2);
  }
}
