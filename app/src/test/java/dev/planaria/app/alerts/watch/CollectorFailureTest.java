package dev.planaria.app.alerts.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.app.alerts.AlertBoard;
import dev.planaria.app.alerts.AlertType;
import dev.planaria.app.alerts.KeptLog;
import dev.planaria.app.alerts.Patience;
import dev.planaria.app.alerts.Readings;
import dev.planaria.app.alerts.Readings.Part;
import dev.planaria.app.alerts.Readings.Still;
import dev.planaria.app.alerts.StandingFile;
import dev.planaria.app.alerts.Thresholds;
import dev.planaria.engine.journal.JournalException.StoreFailed;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.session.Caller;
import dev.planaria.engine.session.EngineEnvironment;
import dev.planaria.engine.session.EngineGuarantees;
import dev.planaria.engine.session.EngineSettings;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.Priority;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.storage.simulated.SimulatedDisk;
import dev.planaria.engine.storage.simulated.SimulatedStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A store that fails, or does not come back, makes unknown what it was asked for, and nothing
/// else.
@Timeout(60)
class CollectorFailureTest {
  private static final Caller CALLER = new Caller("alice", null);
  private static final String RUNS = "recovery runs";
  private static final String LOOK = "recoveries of a session";
  private static final String EVERYTHING = "everything";

  private final AtomicLong now = new AtomicLong(1_800_000_000_000L);
  private final AtomicLong ids = new AtomicLong();
  private final KeptLog log = new KeptLog();
  private final SimulatedStore store = new SimulatedStore(new SimulatedDisk(), this::beforeWriting);
  private final CountDownLatch open = new CountDownLatch(1);
  private final AtomicInteger hits = new AtomicInteger();
  private volatile String hangingKind = "";
  private SessionEngine engine;
  private boolean diskFails;

  @BeforeEach
  void two_sessions_with_a_task_that_nobody_can_take_on() {
    engine =
        SessionEngine.open(
            store,
            EngineSettings.DEFAULT.withHousekeeping(0),
            new EngineEnvironment(
                now::get,
                System::nanoTime,
                () -> new UUID(now.get() << 16 | 0x7000L, Long.MIN_VALUE | ids.incrementAndGet()),
                () -> "token-" + ids.incrementAndGet()),
            null,
            EngineGuarantees.ALL);
    task(session("one"));
    task(session("two"));
  }

  @AfterEach
  void close() {
    open.countDown();
    engine.close();
  }

  private SessionId session(String name) {
    return engine.openSession(name, null, SwarmConfiguration.DEFAULT, CALLER).state().id();
  }

  private void task(SessionId session) {
    engine.submit(
        session,
        new Command.CreateTask("work", Priority.MEDIUM, List.of(), null, null, JsonObject.EMPTY),
        CALLER);
  }

  private Collector collector(WatchGuarantees guarantees) {
    return collector(guarantees, 100, this::waited);
  }

  private Collector collector(WatchGuarantees guarantees, int looks, Patience.Wait wait) {
    return new Collector(
        engine,
        EngineSettings.DEFAULT.limits().calls(),
        new Collector.Surroundings(
            now::get,
            () -> 0L,
            (session, server) -> true,
            this::disk,
            Set::of,
            new Patience(7, wait)),
        new Collector.Share(looks, 1, 2_000, 60_000),
        log,
        guarantees);
  }

  private Readings.Disk disk() throws IOException {
    if (hangingKind.equals(EVERYTHING)) {
      awaitOpen();
    }
    if (diskFails) {
      throw new IOException("stale file handle");
    }
    return new Readings.Disk(1, 2);
  }

  /// Returns when the work is done, or stands at the latch.
  private boolean waited(String kind, CompletableFuture<?> work, long limitMillis) {
    if (!kind.equals(hangingKind)) {
      var _ = work.join();
      return true;
    }
    while (hits.get() == 0) {
      Thread.onSpinWait();
    }
    return work.isDone();
  }

  private void beforeWriting(String step) {
    boolean hangs = hangingKind.equals(Part.WRITER.words()) || hangingKind.equals(EVERYTHING);
    if (step.equals("append") && hangs) {
      hits.incrementAndGet();
      awaitOpen();
    }
  }

  private static Readings turn(Collector collector) {
    return collector.runOnce(_ -> Readings.Kpis.UNKNOWN);
  }

  private static List<Part> unread(Readings readings) {
    return readings.unread().stream().map(Readings.Unread::part).toList();
  }

  private void fails(String step) {
    store.beforeReading(read -> {
      if (read.equals(step)) {
        hits.incrementAndGet();
        throw new StoreFailed("reading", new IOException("input/output error"));
      }
    });
  }

  private void hangs(String step, Part part) {
    hangingKind = part.words();
    store.beforeReading(read -> {
      if (read.equals(step)) {
        hits.incrementAndGet();
        awaitOpen();
      }
    });
  }

  private void awaitOpen() {
    awaited(open);
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreFailed("reading", new IOException(e));
    }
  }

  private void printHits() {
    System.out.println("readings of a store that fails or hangs: hits " + hits);
    assertThat(hits).hasPositiveValue();
  }

  @Test
  void what_fails_to_be_read_is_unknown_with_the_reason_and_everything_else_is_read() {
    fails(RUNS);
    Collector collector = collector(WatchGuarantees.ALL);
    Readings readings = turn(collector);
    assertThat(unread(readings)).containsExactly(Part.RECOVERIES);
    assertThat(readings.unread().getFirst().reason()).contains("input/output error");
    assertThat(readings.stuck()).extracting(Readings.Stuck::what).containsOnly(Still.TASK);
    assertThat(readings.disk()).isNotNull();
    assertThat(readings.unseenSessions()).isEmpty();
    now.addAndGet(5_000);
    long since = readings.unread().getFirst().sinceMillis();
    assertThat(turn(collector).unread().getFirst().sinceMillis()).isEqualTo(since);
    assertThat(log.warnings()).as("told once").hasSize(1);
    store.beforeReading(read -> {});
    assertThat(turn(collector).unread()).isEmpty();
    assertThat(log.infos()).anyMatch(line -> line.contains("can be read again"));
    printHits();
    fails(RUNS);
    Collector careless = collector(new WatchGuarantees(false, true));
    assertThatThrownBy(() -> turn(careless)).hasMessageContaining("all others with it");
  }

  @Test
  void
      sessions_that_cannot_be_looked_at_are_unseen_until_they_can_and_what_was_known_is_not_told() {
    Collector collector = collector(WatchGuarantees.ALL);
    assertThat(turn(collector).stuck()).hasSize(2);
    task(engine.find("one").orElseThrow().id());
    fails(LOOK);
    Readings readings = turn(collector);
    assertThat(unread(readings)).containsExactly(Part.LOOKS);
    assertThat(readings.unseenSessions())
        .containsExactly(engine.find("one").orElseThrow().id().toString());
    assertThat(readings.stuck())
        .singleElement()
        .satisfies(stuck -> assertThat(stuck.subject().sessionName()).isEqualTo("two"));
    store.beforeReading(read -> {});
    Readings again = turn(collector);
    assertThat(again.unread()).isEmpty();
    assertThat(again.unseenSessions()).isEmpty();
    assertThat(again.stuck()).hasSize(2);
    printHits();
  }

  @Test
  void a_disk_that_cannot_be_asked_for_its_room_is_unread_and_not_full() {
    diskFails = true;
    Readings readings = turn(collector(WatchGuarantees.ALL));
    assertThat(unread(readings)).containsExactly(Part.DISK);
    assertThat(readings.disk()).isNull();
  }

  @Test
  void a_read_that_does_not_come_back_is_waited_for_once_and_asked_again_when_it_has() {
    hangs(RUNS, Part.RECOVERIES);
    Collector collector = collector(WatchGuarantees.ALL);
    for (int i = 0; i < 5; i++) {
      Readings readings = turn(collector);
      assertThat(unread(readings)).containsExactly(Part.RECOVERIES);
      assertThat(readings.unread().getFirst().reason()).isEqualTo("no answer within 7 ms");
      assertThat(readings.stuck()).hasSize(2);
    }
    assertThat(hits).as("no second read while one hangs").hasValue(1);
    store.beforeReading(read -> {});
    open.countDown();
    while (!turn(collector).unread().isEmpty()) { // the thread is on its way back
      Thread.onSpinWait();
    }
    printHits();
  }

  @Test
  void looks_that_hang_leave_every_session_that_was_due_unseen_and_the_turn_ends() {
    hangs(LOOK, Part.LOOKS);
    Collector collector = collector(WatchGuarantees.ALL);
    Readings readings = turn(collector);
    assertThat(unread(readings)).containsExactly(Part.LOOKS);
    assertThat(readings.unseenSessions()).hasSize(2);
    assertThat(hits).hasValue(1);
    printHits();
  }

  @Test
  void once_looks_come_back_nobody_accuses_the_store_and_who_was_not_looked_at_stays_unseen() {
    for (int i = 0; i < 5; i++) {
      session("more " + i);
    }
    hangs(LOOK, Part.LOOKS);
    var stuck = new AtomicReference<CompletableFuture<?>>();
    Patience.Wait wait =
        (kind, work, limitMillis) -> {
          boolean done = waited(kind, work, limitMillis);
          if (!done) {
            stuck.set(work);
          }
          return done;
        };
    Collector collector = collector(WatchGuarantees.ALL, 1, wait);
    assertThat(turn(collector).unseenSessions()).hasSize(7);
    hangingKind = "";
    store.beforeReading(read -> {});
    open.countDown();
    var _ = stuck.get().join();
    Readings readings = turn(collector);
    assertThat(readings.unseenSessions()).as("one look a turn").hasSize(6);
    assertThat(unread(readings)).isEmpty();
    printHits();
  }

  @Test
  void a_hang_is_an_alert_in_the_second_turn_however_long_the_first_waited(@TempDir Path home) {
    hangs(RUNS, Part.RECOVERIES);
    Patience.Wait wait =
        (kind, work, limitMillis) -> {
          boolean done = waited(kind, work, limitMillis);
          if (!done) {
            now.addAndGet(Patience.LIMIT_MILLIS);
          }
          return done;
        };
    Collector collector = collector(WatchGuarantees.ALL, 100, wait);
    var board =
        new AlertBoard(
            new StandingFile(home.resolve("alerts.json"), new Patience(), log),
            Thresholds.DEFAULT,
            now::get,
            log,
            List.of());
    long begin = now.get();
    board.take(turn(collector));
    assertThat(now).as("the turn waited").hasValue(begin + Patience.LIMIT_MILLIS);
    assertThat(unanswered(board)).isZero();
    now.set(begin + 5_000);
    board.take(turn(collector));
    assertThat(unanswered(board)).isOne();
    printHits();
  }

  private static long unanswered(AlertBoard board) {
    return board.list().stream()
        .filter(alert -> alert.isFiring() && alert.type() == AlertType.STORE_UNANSWERED)
        .count();
  }

  /// They are given up when all of them are waited for: one after another they never would be.
  @Test
  void of_a_disk_that_hangs_all_parts_are_waited_for_at_once() throws Exception {
    hangingKind = EVERYTHING;
    store.beforeReading(read -> {
      if (read.equals(RUNS) || read.equals(LOOK)) {
        awaitOpen();
      }
    });
    Set<Part> all = EnumSet.complementOf(EnumSet.of(Part.SESSIONS));
    var together = new CountDownLatch(all.size());
    Patience.Wait wait =
        (kind, work, limitMillis) -> {
          if (kind.equals(Part.SESSIONS.words())) {
            var _ = work.join();
            return true;
          }
          together.countDown();
          awaited(together);
          hits.incrementAndGet();
          return false;
        };
    Collector collector = collector(WatchGuarantees.ALL, 100, wait);
    var turn =
        CompletableFuture.supplyAsync(
            () ->
                collector.runOnce(_ -> {
                  awaitOpen();
                  return Readings.Kpis.UNKNOWN;
                }),
            Thread::startVirtualThread);
    assertThat(unread(turn.get(20, TimeUnit.SECONDS))).containsExactlyInAnyOrderElementsOf(all);
    printHits();
  }

  @Test
  void a_journal_writer_that_hangs_is_unread() {
    hangingKind = Part.WRITER.words();
    SessionId one = engine.find("one").orElseThrow().id();
    var stuck = CompletableFuture.runAsync(() -> task(one), Thread::startVirtualThread);
    while (hits.get() == 0) {
      Thread.onSpinWait();
    }
    Readings readings = turn(collector(WatchGuarantees.ALL));
    assertThat(unread(readings)).containsExactly(Part.WRITER);
    assertThat(readings.stuck()).hasSize(2);
    printHits();
    open.countDown();
    stuck.join();
  }

  @Test
  void without_a_limit_a_hanging_read_holds_the_whole_turn() {
    hangs(RUNS, Part.RECOVERIES);
    Collector endless = collector(new WatchGuarantees(true, false));
    var turn = CompletableFuture.supplyAsync(() -> turn(endless), Thread::startVirtualThread);
    while (hits.get() == 0) {
      Thread.onSpinWait();
    }
    assertThat(turn).isNotDone();
    open.countDown();
    assertThat(turn.join().unread()).isEmpty();
    printHits();
  }
}
