package dev.planaria.engine.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.storage.simulated.SimulatedDisk;
import dev.planaria.engine.storage.simulated.SimulatedStore;
import dev.planaria.engine.storage.simulated.SimulatedStore.Fault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GroupCommitTest {

  private final SimulatedDisk disk = new SimulatedDisk();
  private final SimulatedStore store = new SimulatedStore(disk);

  private GroupCommit writer() {
    return new GroupCommit(
        store,
        store.head(),
        store.marks().epoch(),
        new GroupCommit.Settings(1 << 20, 1, 0),
        new GroupCommit.Surroundings(System::nanoTime, Threads.REAL, fenced -> {}));
  }

  /// An entry that remembers its fate.
  private static final class Recorded implements PendingEntry {
    final CompletableFuture<String> fate = new CompletableFuture<>();
    final byte[] bytes;
    volatile boolean current = true;
    volatile long frame;
    final AtomicInteger takenBack = new AtomicInteger();

    Recorded(String content) {
      bytes = content.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] bytes() {
      return bytes;
    }

    @Override
    public boolean isCurrent() {
      return current;
    }

    @Override
    public void committed(long frameId, int offset) {
      frame = frameId;
    }

    @Override
    public void acknowledge() {
      fate.complete("committed in " + frame);
    }

    @Override
    public void rejected(RuntimeException reason) {
      fate.complete("rejected");
    }

    @Override
    public void unknown(RuntimeException reason) {
      fate.complete("unknown");
    }

    @Override
    public void giveUpWaiting(RuntimeException reason) {
      fate.complete("gave up");
    }

    @Override
    public void takeBack() {
      takenBack.incrementAndGet();
    }

    String fate() throws Exception {
      return fate.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void an_entry_is_committed_and_can_be_read() throws Exception {
    try (GroupCommit writer = writer()) {
      var entry = new Recorded("hello");
      writer.enqueue(entry);
      assertThat(entry.fate()).isEqualTo("committed in 1");
      assertThat(disk.frameCount()).isEqualTo(1);
    }
  }

  @Test
  void what_arrives_during_a_commit_shares_the_next_one() throws Exception {
    var open = new CountDownLatch(1);
    store.holdAppends(open);
    var entries = new ArrayList<Recorded>();
    try (GroupCommit writer = writer()) {
      for (int i = 0; i < 100; i++) {
        var entry = new Recorded("entry " + i);
        entries.add(entry);
        writer.enqueue(entry);
      }
      open.countDown();
      for (Recorded entry : entries) {
        assertThat(entry.fate()).startsWith("committed");
      }
      assertThat(writer.entries()).isEqualTo(100);
      assertThat(writer.frames()).isLessThanOrEqualTo(3);
    }
  }

  @Test
  void a_failed_commit_that_left_nothing_is_rejected_and_the_next_one_goes_on() throws Exception {
    store.failNext(Fault.BEFORE_WRITE);
    try (GroupCommit writer = writer()) {
      var first = new Recorded("first");
      writer.enqueue(first);
      assertThat(first.fate()).isEqualTo("rejected");
      assertThat(first.takenBack).hasValue(1);
      assertThat(writer.failure()).isNotNull();
      var second = new Recorded("second");
      writer.enqueue(second);
      assertThat(second.fate()).isEqualTo("committed in 1");
      assertThat(writer.failure()).isNull();
    }
    assertThat(store.hits()).isEqualTo(1);
  }

  @Test
  void a_failed_commit_that_did_write_is_made_durable_and_acknowledged() throws Exception {
    store.failNext(Fault.AFTER_WRITE);
    try (GroupCommit writer = writer()) {
      var entry = new Recorded("ghost");
      writer.enqueue(entry);
      assertThat(entry.fate()).isEqualTo("committed in 1");
    }
    assertThat(disk.losePower()).isZero();
    assertThat(store.hits()).isEqualTo(1);
  }

  @Test
  void nobody_is_answered_while_the_store_cannot_be_opened_again() throws Exception {
    store.failNext(Fault.AFTER_WRITE);
    store.failReopening(20);
    try (GroupCommit writer = writer()) {
      var entry = new Recorded("patient");
      writer.enqueue(entry);
      assertThat(entry.fate()).isEqualTo("committed in 1");
    }
    assertThat(store.hits()).isEqualTo(21);
  }

  @Test
  void a_writer_that_is_closed_before_it_knows_says_unknown_and_not_failed() throws Exception {
    store.failNext(Fault.AFTER_WRITE);
    store.failReopening(Integer.MAX_VALUE);
    var entry = new Recorded("who knows");
    try (GroupCommit writer = writer()) {
      writer.enqueue(entry);
      awaitFailure(writer);
    }
    assertThat(entry.fate()).isEqualTo("unknown");
  }

  private static void awaitFailure(GroupCommit writer) throws TimeoutException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (writer.failure() == null) {
      if (System.nanoTime() > deadline) {
        throw new TimeoutException("the fault was never hit");
      }
      Thread.onSpinWait();
    }
  }

  @Test
  void an_entry_whose_predecessor_fell_is_rejected_too() throws Exception {
    try (GroupCommit writer = writer()) {
      var stale = new Recorded("stale");
      stale.current = false;
      writer.enqueue(stale);
      assertThat(stale.fate()).isEqualTo("rejected");
      assertThat(disk.frameCount()).isZero();
    }
  }

  @Test
  void a_commit_that_hangs_lets_its_callers_go_and_still_happens() throws Exception {
    var open = new CountDownLatch(1);
    store.holdAppends(open);
    try (GroupCommit writer = writer()) {
      var slow = new Recorded("slow");
      writer.enqueue(slow);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (!slow.fate.isDone() && System.nanoTime() < deadline) {
        writer.giveUpWaiting(0);
        Thread.onSpinWait();
      }
      assertThat(slow.fate()).isEqualTo("gave up");
      open.countDown();
    }
    assertThat(disk.frameCount()).isEqualTo(1);
  }

  @Test
  void a_process_that_was_taken_over_writes_nothing_more() throws Exception {
    try (GroupCommit writer = writer()) {
      var _ = new SimulatedStore(disk);
      var zombie = new Recorded("zombie");
      writer.enqueue(zombie);
      assertThat(zombie.fate()).isEqualTo("rejected");
      assertThat(disk.frameCount()).isZero();
    }
  }

  @Test
  void writes_that_are_no_frames_run_between_frames() throws Exception {
    try (GroupCommit writer = writer()) {
      var done = new ArrayList<String>();
      writer.write(() -> done.add(Thread.currentThread().getName()));
      assertThat(done).isEqualTo(List.of("journal-writer"));
    }
  }
}
