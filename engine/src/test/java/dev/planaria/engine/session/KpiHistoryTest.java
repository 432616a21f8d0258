package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.metrics.Attendance;
import dev.planaria.engine.metrics.Kpis;
import dev.planaria.engine.metrics.MinuteBook;
import dev.planaria.engine.metrics.RecoverySample;
import dev.planaria.engine.metrics.RecoverySamples;
import dev.planaria.engine.metrics.Window;
import dev.planaria.engine.recovery.CrashEvent;
import dev.planaria.engine.recovery.RecoveryRecord.Failure;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.storage.Forgery;
import dev.planaria.engine.storage.Store;
import dev.planaria.engine.storage.sqlite.SqliteBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A history of failures whose times and losses are known, on a real store, against the figures.
class KpiHistoryTest {

  private static final EngineSettings SETTINGS = EngineSettings.DEFAULT.withHousekeeping(0);

  /// Who sees a failure.
  private enum Witness {
    /// The monitor sees the exit.
    EXIT_SEEN,
    /// The monitor misses heartbeats.
    SILENCE,
    /// The monitor has died too.
    NOBODY
  }

  /// Between the last sign of life and the end, between that and its detection, and until the next
  /// process has recovered everything.
  private record Failing(
      Witness witness, long silentMillis, long unnoticedMillis, long startingMillis) {
    long downMillis() {
      return unnoticedMillis + startingMillis;
    }

    long fromLastSign() {
      return silentMillis + downMillis();
    }

    long timeToRecovery() {
      return witness == Witness.EXIT_SEEN ? downMillis() : fromLastSign();
    }

    @Nullable CrashEvent event(long endedMillis) {
      long detected = endedMillis + unnoticedMillis;
      long heartbeat = endedMillis - silentMillis;
      return switch (witness) {
        case EXIT_SEEN ->
            new CrashEvent(
                CrashEvent.Type.PROCESS_CRASH,
                detected,
                endedMillis,
                heartbeat,
                "serving",
                CrashEvent.Severity.LOW);
        case SILENCE ->
            new CrashEvent(
                CrashEvent.Type.PROCESS_HANG,
                detected,
                heartbeat,
                "serving",
                CrashEvent.Severity.HIGH);
        case NOBODY -> null;
      };
    }
  }

  private static final Failing CRASH = new Failing(Witness.EXIT_SEEN, 3_000, 1_000, 1_000);
  private static final Failing HANG = new Failing(Witness.SILENCE, 15_000, 1_000, 3_000);
  private static final Failing DAMAGE = new Failing(Witness.EXIT_SEEN, 1_000, 1_000, 2_000);

  /// The last sign of life is the last second that was served, long after the last operation.
  private static final Failing UNWATCHED = new Failing(Witness.NOBODY, 1_000, 0, 4_000);

  private static final List<Failing> ALL = List.of(CRASH, HANG, DAMAGE, UNWATCHED);

  private final TestEnvironment world = new TestEnvironment();
  @TempDir private Path directory;
  private SqliteBytes bytes;
  private RecoverySamples samples;
  private @Nullable Running running;
  private final Map<Long, byte[]> original = new TreeMap<>();
  private long secondsServed;
  private long secondsObserved;

  /// A process.
  private record Running(
      Store store, SessionEngine engine, MinuteBook book, Attendance attendance) {
    void kill() throws IOException {
      engine.abandon();
      store.close();
      book.close();
    }
  }

  @BeforeEach
  void begin() {
    bytes = new SqliteBytes(directory);
    samples = new RecoverySamples();
  }

  @AfterEach
  void end() throws IOException {
    if (running != null) {
      running.kill();
    }
  }

  private Running open(@Nullable CrashEvent crash) throws IOException {
    samples = new RecoverySamples();
    Store store = bytes.open();
    SessionEngine engine =
        SessionEngine.open(
            store,
            SETTINGS,
            world.environment().heardBy(samples).lastAlive(this::lastServedMillis),
            crash,
            EngineGuarantees.ALL);
    MinuteBook book = MinuteBook.open(directory.resolve("minutes"));
    var attendance =
        new Attendance(
            book,
            new Attendance.Surroundings(world::nowMillis, () -> world.nowMillis() * 1_000_000),
            new Attendance.Totals(
                () -> Attendance.counted(engine.figures()),
                crash == null ? null : crash.lastHeartbeatMillis()));
    var opened = new Running(store, engine, book, attendance);
    running = opened;
    return opened;
  }

  private long lastServedMillis() {
    try (MinuteBook book = MinuteBook.open(directory.resolve("minutes"))) {
      Long second = book.read(world.nowMillis()).lastServedSecond();
      return second == null ? 0 : second * 1_000;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve(Running process, int seconds) throws IOException {
    for (int i = 0; i < seconds; i++) {
      process.attendance().runOnce(() -> true);
      world.pass(1_000);
    }
    secondsServed += seconds;
    secondsObserved += seconds;
  }

  private static SessionId work(SessionEngine engine, String session, String what, int count) {
    var caller = new Caller("t", null);
    SessionId id =
        engine.openSession(session, null, SwarmConfiguration.DEFAULT, caller).state().id();
    for (int i = 0; i < count; i++) {
      engine.submit(
          id,
          new Command.StoreMemory(new MemoryKey("n", what + i), new JsonString("v"), null, null),
          new Caller("t", what + i));
    }
    return id;
  }

  /// The process is killed, and the next one recovers everything.
  private Running fail(Running process, Failing how, Runnable meanwhile) throws IOException {
    process.kill();
    running = null;
    meanwhile.run();
    long killed = world.nowMillis();
    world.pass(how.downMillis());
    secondsObserved += how.downMillis() / 1_000;
    Running next = open(how.event(killed));
    assertThat(next.engine().recoverAll()).isTrue();
    next.engine().tick();
    return next;
  }

  private void flip(String operationId) {
    var frames = bytes.frames();
    var changed = new TreeMap<Long, byte[]>();
    for (Forgery.Placed placed : Forgery.entries(frames)) {
      if (placed.entry().operationId().equals(operationId)) {
        byte[] whole = Objects.requireNonNull(frames.get(placed.frameId()));
        original.put(placed.frameId(), whole);
        byte[] frame = whole.clone();
        frame[placed.offset() + placed.length() - 40] ^= 1;
        changed.put(placed.frameId(), frame);
      }
    }
    assertThat(changed).hasSize(1);
    bytes.putFrames(changed);
  }

  /// How many operations were ever acknowledged, by the journal as it was before it was damaged.
  private long operations() {
    var frames = bytes.frames();
    frames.putAll(original);
    return Forgery.entries(frames).size();
  }

  private Running aHistory() throws IOException {
    Running process = open(null);
    work(process.engine(), "alpha", "a", 10);
    work(process.engine(), "beta", "b", 10);
    serve(process, 20);
    process = fail(process, CRASH, () -> {});
    serve(process, 70);
    process = fail(process, HANG, () -> {});
    work(process.engine(), "alpha", "c", 10);
    serve(process, 10);
    process = fail(process, DAMAGE, () -> flip("c4"));
    serve(process, 30);
    work(process.engine(), "alpha", "d", 10);
    serve(process, 10);
    process = fail(process, UNWATCHED, () -> {});
    serve(process, 10);
    process.attendance().endInOrder();
    process.engine().close();
    process.book().close();
    running = null;
    world.pass(600_000);
    process = open(null);
    serve(process, 5);
    return process;
  }

  private List<RecoverySample> loaded(SessionEngine engine) {
    var fresh = new RecoverySamples();
    fresh.load(engine.figures(), world.nowMillis());
    assertThat(fresh.unreadable()).isZero();
    return fresh.inOrder(world.nowMillis());
  }

  private Kpis kpis(Window window, Running process, List<RecoverySample> known) throws IOException {
    long now = world.nowMillis();
    MinuteBook.Reading reading = process.book().read(now);
    assertThat(reading.damaged()).isZero();
    return Kpis.over(window, now, known, reading.minutes());
  }

  private void assertAsTheLedgerSays(Kpis kpis, long operations) {
    assertThat(kpis.recoveries()).isEqualTo(2L * ALL.size());
    assertThat(kpis.recoverySuccessRate()).isEqualTo(1.0);
    assertThat(kpis.recoverySuccessRateByType())
        .isEqualTo(
            Map.of(
                Failure.PROCESS_CRASH, 1.0,
                Failure.PROCESS_HANG, 1.0,
                Failure.STATE_CORRUPTION, 1.0));
    double mean = ALL.stream().mapToLong(Failing::timeToRecovery).average().orElseThrow();
    assertThat(kpis.meanTimeToRecoveryMillis()).isEqualTo(mean);
    assertThat(kpis.recoveryTimeP95Millis()).isEqualTo(HANG.timeToRecovery());
    assertThat(kpis.recoveryTimeP99Millis()).isEqualTo(HANG.timeToRecovery());
    assertThat(kpis.operationsLost()).isEqualTo(1);
    assertThat(kpis.operationsAcknowledged()).isEqualTo(operations);
    assertThat(kpis.dataLossPercent()).isEqualTo(100.0 / operations);
    assertThat(kpis.secondsObserved()).isEqualTo(secondsObserved);
    assertThat(kpis.availability()).isEqualTo((double) secondsServed / secondsObserved);
    assertThat(kpis.checksumFailures()).isEqualTo(1);
    assertThat(kpis.truePositives()).isPositive();
    assertThat(kpis.detectionAccuracy()).isEqualTo(1.0);
    assertThat(kpis.integrityValidationSuccessRate()).isBetween(0.5, 0.9999);
  }

  @Test
  void every_figure_is_what_the_ledger_says_before_and_after_a_restart() throws IOException {
    Running process = aHistory();
    long operations = operations();
    Kpis before = kpis(Window.DAY, process, loaded(process.engine()));
    assertAsTheLedgerSays(before, operations);
    assertThat(kpis(Window.HOUR, process, loaded(process.engine())))
        .usingRecursiveComparison()
        .ignoringFields("window")
        .isEqualTo(before);
    // A restart in the middle changes none, whether the process is killed or told to end.
    process.kill();
    process = open(null);
    assertThat(kpis(Window.DAY, process, loaded(process.engine()))).isEqualTo(before);
  }

  @Test
  void what_was_heard_and_what_is_stored_give_the_same_figures() throws IOException {
    Running process = open(null);
    SessionId alpha = work(process.engine(), "alpha", "a", 10);
    serve(process, 20);
    process = fail(process, CRASH, () -> flip("a4"));
    serve(process, 20);
    List<RecoverySample> heard = samples.inOrder(world.nowMillis());
    assertThat(heard).hasSize(1).isEqualTo(loaded(process.engine()));
    samples.load(process.engine().figures(), world.nowMillis());
    assertThat(samples.inOrder(world.nowMillis())).isEqualTo(heard);
    // Read after it was saved, and told only then: it is one recovery all the same.
    var late = new RecoverySamples();
    late.load(process.engine().figures(), world.nowMillis());
    late.accept(new EngineEvent.SessionRecovered(process.engine().recoveries(alpha, 1).getFirst()));
    assertThat(late.inOrder(world.nowMillis())).isEqualTo(heard);
  }

  @Test
  void figures_that_counted_from_the_detection_would_be_found_out() throws IOException {
    Running process = aHistory();
    long operations = operations();
    Kpis wrong = kpis(Window.DAY, process, counted(process, Failing::startingMillis));
    assertThatThrownBy(() -> assertAsTheLedgerSays(wrong, operations))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void figures_that_counted_an_exit_that_was_seen_from_the_last_heartbeat_would_be_found_out()
      throws IOException {
    Running process = aHistory();
    long operations = operations();
    assertAsTheLedgerSays(
        kpis(Window.DAY, process, counted(process, Failing::timeToRecovery)), operations);
    Kpis wrong = kpis(Window.DAY, process, counted(process, Failing::fromLastSign));
    assertThatThrownBy(() -> assertAsTheLedgerSays(wrong, operations))
        .isInstanceOf(AssertionError.class);
  }

  /// The recoveries, with other times.
  private List<RecoverySample> counted(Running process, ToLongFunction<Failing> downMillis) {
    return loaded(process.engine()).stream()
        .map(sample -> {
          Failing how =
              ALL.stream()
                  .filter(failing ->
                      failing.timeToRecovery()
                          == sample.finishedAtMillis() - sample.failedAtMillis())
                  .findFirst()
                  .orElseThrow();
          return new RecoverySample(
              sample.session(),
              sample.failure(),
              sample.success(),
              sample.finishedAtMillis() - downMillis.applyAsLong(how),
              sample.finishedAtMillis(),
              sample.operationsLost(),
              sample.checksRun(),
              sample.checksPassed());
        })
        .toList();
  }

  @Test
  void a_window_that_nothing_happened_in_has_no_figures() throws IOException {
    Running process = aHistory();
    world.pass(2 * 3_600_000);
    Kpis hour = kpis(Window.HOUR, process, loaded(process.engine()));
    assertThat(hour.recoverySuccessRate()).isNull();
    assertThat(hour.meanTimeToRecoveryMillis()).isNull();
    assertThat(hour.availability()).isNull();
    assertThat(hour.dataLossPercent()).isNull();
    assertThat(kpis(Window.DAY, process, loaded(process.engine())).recoveries()).isEqualTo(8);
  }

  @Test
  void without_a_book_the_last_sign_of_life_of_who_nobody_watched_is_the_last_operation()
      throws IOException {
    Running process = open(null);
    work(process.engine(), "alpha", "a", 10);
    world.pass(7_000);
    process.kill();
    running = null;
    Files.delete(directory.resolve("minutes"));
    world.pass(2_000);
    process = open(null);
    assertThat(process.engine().recoverAll()).isTrue();
    process.engine().tick();
    assertThat(kpis(Window.DAY, process, loaded(process.engine())).meanTimeToRecoveryMillis())
        .isEqualTo(9_000);
  }
}
