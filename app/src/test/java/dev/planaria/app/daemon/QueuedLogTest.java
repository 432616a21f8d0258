package dev.planaria.app.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.gateway.wire.Log;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A log's disk holds up nobody who writes into the log, and what it does not take is counted.
@Timeout(60)
class QueuedLogTest {
  private static final int LINES = 20;

  /// For tests of what is written, not of when: a loaded machine has its time.
  private static final long PATIENT_MILLIS = 50_000;

  private static final QueuedLog.Bounds FEW =
      new QueuedLog.Bounds(LINES, QueuedLog.CHARACTERS, PATIENT_MILLIS);

  private final CountDownLatch open = new CountDownLatch(1);
  private final CountDownLatch reached = new CountDownLatch(1);
  private final AtomicInteger hits = new AtomicInteger();
  private final List<String> written = new CopyOnWriteArrayList<>();

  /// A disk that hangs until somebody opens it.
  private void disk(String line) {
    hits.incrementAndGet();
    reached.countDown();
    try {
      open.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    written.add(line.strip());
  }

  private FormattedLog format() {
    return new FormattedLog(LogFormat.TEXT, () -> 0, line -> {});
  }

  @Test
  void who_writes_waits_for_no_disk_and_what_did_not_fit_is_told_as_a_number() throws Exception {
    try (var log = new QueuedLog(FEW, format(), this::disk)) {
      log.info("line first");
      reached.await();
      for (int i = 0; i < LINES + 7; i++) {
        log.with("session_id", "s1").warn("line " + i, null);
      }
      assertThat(written).isEmpty();
      open.countDown();
    }
    var expected = new ArrayList<String>();
    expected.add("INFO line first");
    IntStream.range(0, LINES).forEach(i -> expected.add("WARN session_id=s1 line " + i));
    expected.add("WARN 7 events left out: the disk took their lines too slowly");
    assertThat(written)
        .containsExactlyElementsOf(
            expected.stream().map(line -> "1970-01-01T00:00:00Z " + line).toList());
    System.out.println("a log whose disk hangs: hits " + hits);
    assertThat(hits).hasPositiveValue();
  }

  @Test
  void long_lines_wait_only_while_there_is_room_for_their_characters() throws Exception {
    String trace = " x".repeat(500);
    var bounds = new QueuedLog.Bounds(LINES, 3_500, PATIENT_MILLIS);
    try (var log = new QueuedLog(bounds, format(), this::disk)) {
      log.info("first");
      reached.await();
      for (int i = 0; i < LINES; i++) {
        log.info(i + trace);
      }
      open.countDown();
    }
    assertThat(written).hasSize(5).last().asString().contains((LINES - 3) + " events left out");
    assertThat(written).element(3).asString().contains("INFO 2 x");
  }

  @Test
  void without_a_queue_who_writes_waits_for_the_disk() throws Exception {
    Log direct = new FormattedLog(LogFormat.TEXT, () -> 0, this::disk);
    var writing = CompletableFuture.runAsync(() -> direct.info("x"), Thread::startVirtualThread);
    reached.await();
    assertThat(writing).isNotDone();
    open.countDown();
    writing.join();
  }

  @Test
  void an_orderly_end_writes_everything_that_waits(@TempDir Path directory) throws Exception {
    var all = new QueuedLog.Bounds(QueuedLog.LINES, QueuedLog.CHARACTERS, PATIENT_MILLIS);
    try (WorkerLog file = WorkerLog.open(directory, LogFormat.TEXT, () -> 0);
        var log = new QueuedLog(all, file.lines(), file::append)) {
      for (int i = 0; i < QueuedLog.LINES; i++) {
        log.info("line " + i);
      }
    }
    List<String> lines = Files.readAllLines(directory.resolve("logs/worker.log"));
    assertThat(lines).hasSize(QueuedLog.LINES);
    assertThat(lines.getLast()).endsWith("INFO line " + (QueuedLog.LINES - 1));
  }
}
