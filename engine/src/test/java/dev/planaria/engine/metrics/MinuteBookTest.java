package dev.planaria.engine.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.metrics.Minute.Counts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The book of minutes, and who writes it.
class MinuteBookTest {

  private static final long START = 1_800_000_000_000L;
  private static final long FIRST = START / 60_000;
  private static final long SECOND = START / 1_000;

  @TempDir private Path directory;
  private Path file;
  private final AtomicLong wall = new AtomicLong(START);
  private final AtomicLong monotonic = new AtomicLong(5_000_000_000_000L);
  private final AtomicLong operations = new AtomicLong();

  @BeforeEach
  void name() {
    file = directory.resolve("minutes");
  }

  private void pass(long millis) {
    wall.addAndGet(millis);
    monotonic.addAndGet(millis * 1_000_000);
  }

  private Attendance attendance(MinuteBook book, @Nullable Long failedAtMillis) throws IOException {
    return new Attendance(
        book,
        new Attendance.Surroundings(wall::get, monotonic::get),
        new Attendance.Totals(() -> new Counts(operations.get(), 0, 0, 0, 0), failedAtMillis));
  }

  /// A process that serves so many seconds and then is killed, or ends in order.
  private void process(int seconds, boolean inOrder, @Nullable Long failedAtMillis)
      throws IOException {
    operations.set(0);
    try (MinuteBook book = MinuteBook.open(file)) {
      Attendance attendance = attendance(book, failedAtMillis);
      for (int i = 0; i < seconds; i++) {
        operations.addAndGet(10);
        attendance.runOnce(() -> true);
        pass(1_000);
      }
      if (inOrder) {
        attendance.endInOrder();
      }
    }
  }

  private MinuteBook.Reading reading() throws IOException {
    try (MinuteBook book = MinuteBook.open(file)) {
      return book.read(wall.get());
    }
  }

  private long observed() throws IOException {
    return reading().minutes().stream().mapToLong(Minute::secondsObserved).sum();
  }

  private long served() throws IOException {
    return reading().minutes().stream().mapToLong(Minute::secondsServed).sum();
  }

  @Test
  void what_was_noted_is_there_after_a_kill_and_belongs_to_its_owner_alone() throws IOException {
    process(130, false, null);
    assertThat(served()).isEqualTo(130);
    assertThat(reading().minutes())
        .extracting(Minute::number)
        .containsExactly(FIRST, FIRST + 1, FIRST + 2);
    assertThat(reading().minutes())
        .extracting(minute -> minute.counts().operations())
        .containsExactly(600L, 600L, 100L);
    assertThat(reading().lastServedSecond()).isEqualTo(SECOND + 129);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.size(file)).isEqualTo(MinuteBook.SLOTS * 64L);
  }

  @Test
  void after_a_crash_the_gap_was_not_served() throws IOException {
    process(10, false, null);
    pass(300_000);
    process(10, false, wall.get() - 1_000);
    assertThat(served()).isEqualTo(20);
    assertThat(observed()).isEqualTo(320);
  }

  @Test
  void after_an_orderly_end_the_gap_is_not_observed() throws IOException {
    process(10, true, null);
    pass(300_000);
    process(10, true, null);
    assertThat(served()).isEqualTo(20);
    assertThat(observed()).isEqualTo(20);
  }

  @Test
  void an_end_that_takes_a_while_is_not_observed_but_what_is_done_meanwhile_is_counted()
      throws IOException {
    try (MinuteBook book = MinuteBook.open(file)) {
      Attendance attendance = attendance(book, null);
      attendance.runOnce(() -> true);
      attendance.endInOrder();
      pass(5_000);
      attendance.runOnce(() -> false);
      operations.addAndGet(7);
      attendance.endInOrder();
    }
    assertThat(observed()).isEqualTo(1);
    assertThat(reading().minutes().getFirst().counts().operations()).isEqualTo(7);
    assertThat(reading().endedInOrder()).isTrue();
  }

  @Test
  void a_process_that_fails_before_it_serves_is_no_orderly_end() throws IOException {
    process(10, true, null);
    pass(5_000);
    long launched = wall.get();
    try (MinuteBook book = MinuteBook.open(file)) {
      Attendance attendance = attendance(book, null);
      attendance.runOnce(() -> false);
    }
    pass(20_000);
    process(10, false, launched);
    assertThat(served()).isEqualTo(20);
    assertThat(observed()).isEqualTo(40);
    // And the pause before stays unobserved when that one is killed in the same minute.
    assertThat(reading().endedInOrder()).isFalse();
  }

  @Test
  void a_failing_probe_and_one_that_takes_too_long_are_not_served() throws IOException {
    try (MinuteBook book = MinuteBook.open(file)) {
      Attendance attendance = attendance(book, null);
      attendance.runOnce(() -> true);
      pass(1_000);
      attendance.runOnce(() -> false);
      pass(1_000);
      attendance.runOnce(() -> {
        pass(4_000);
        return true;
      });
      attendance.runOnce(() -> true);
    }
    assertThat(observed()).isEqualTo(7);
    assertThat(served()).isEqualTo(2);
  }

  @Test
  void a_process_that_stood_still_did_not_serve_and_a_machine_that_slept_is_not_observed()
      throws IOException {
    try (MinuteBook book = MinuteBook.open(file)) {
      Attendance attendance = attendance(book, null);
      attendance.runOnce(() -> true);
      pass(11_000);
      attendance.runOnce(() -> true);
      wall.addAndGet(3_600_000);
      attendance.runOnce(() -> true);
      pass(2_900);
      attendance.runOnce(() -> true);
    }
    assertThat(served()).isEqualTo(4);
    assertThat(observed()).isEqualTo(14);
  }

  @Test
  void a_torn_or_misplaced_slot_is_left_out_and_counted() throws IOException {
    process(250, false, null);
    byte[] bytes = Files.readAllBytes(file);
    int at = (int) (FIRST % MinuteBook.SLOTS) * 64;
    bytes[at + 64 + 20] ^= 1;
    System.arraycopy(bytes, at + 128, bytes, at + 640, 64);
    Files.write(file, bytes);
    assertThat(reading().damaged()).isEqualTo(2);
    assertThat(reading().minutes())
        .extracting(Minute::number)
        .containsExactly(FIRST, FIRST + 2, FIRST + 3, FIRST + 4);
    // It does not stop the next process, which writes over it.
    process(10, false, null);
    assertThat(served()).isEqualTo(200);
  }

  @Test
  void a_file_that_is_cut_short_is_made_whole_again() throws IOException {
    process(10, false, null);
    Files.write(file, new byte[100]);
    assertThat(reading().damaged()).isZero();
    assertThat(Files.size(file)).isEqualTo(MinuteBook.SLOTS * 64L);
    process(10, false, null);
    assertThat(served()).isEqualTo(10);
  }

  @Test
  void what_is_not_a_file_is_refused() throws IOException {
    Files.createDirectory(file);
    assertThatThrownBy(() -> MinuteBook.open(file)).hasMessageContaining("not a regular file");
  }

  @Test
  void after_31_days_a_minute_gives_its_place_to_another() throws IOException {
    process(60, false, null);
    pass((MinuteBook.SLOTS - 2) * 60_000L);
    process(180, false, null);
    assertThat(served()).isEqualTo(180);
    assertThat(reading().minutes()).hasSize(MinuteBook.SLOTS - 1);
    assertThat(observed()).isEqualTo((MinuteBook.SLOTS - 1) * 60L);
  }

  @Test
  void a_clock_that_was_ahead_leaves_no_mark() throws IOException {
    wall.addAndGet(7_200_000);
    process(10, false, null);
    wall.set(START);
    process(10, false, null);
    assertThat(served()).isEqualTo(10);
    assertThat(observed()).isEqualTo(10);
  }
}
