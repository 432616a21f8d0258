package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.recovery.RecoveryGuarantees;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.storage.simulated.SimulatedDisk;
import dev.planaria.engine.storage.simulated.SimulatedStore;
import dev.planaria.engine.storage.simulated.SimulatedStore.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Each promise of the engine, kept; and the same scenario with the promise taken away, which must
/// be noticed.
class GuaranteesTest {

  private static final Caller CALLER = new Caller("operator", "op");
  private static final Command SPAWN = new Command.SpawnAgent("coder", null, null, null);

  private final TestEnvironment world = new TestEnvironment();
  private final SimulatedDisk disk = new SimulatedDisk();
  private final List<SessionEngine> open = new ArrayList<>();

  private SessionEngine engine(SimulatedStore store, EngineGuarantees guarantees) {
    var engine =
        SessionEngine.open(
            store, SessionEngineTest.SETTINGS, world.environment(), null, guarantees);
    open.add(engine);
    return engine;
  }

  private SessionEngine engine() {
    return engine(new SimulatedStore(disk), EngineGuarantees.ALL);
  }

  @AfterEach
  void stopThreads() {
    open.forEach(SessionEngine::abandon);
  }

  private static SessionId session(SessionEngine engine) {
    return engine
        .openSession("alpha", null, SwarmConfiguration.DEFAULT, new Caller("operator", "open"))
        .state()
        .id();
  }

  /// A process dies inside an fsync; the next one shows what it finds; then the power goes. True
  /// when somebody was shown what is gone now.
  private boolean showsWhatPowerCanTake(boolean syncBeforeServe) {
    var dying = new SimulatedStore(disk);
    SessionEngine first = engine(dying, EngineGuarantees.ALL);
    SessionId id = session(first);
    dying.failNext(Fault.AFTER_WRITE);
    dying.failReopening(Integer.MAX_VALUE);
    Thread.startVirtualThread(() -> submitIgnoringTheOutcome(first, id));
    awaitHits(dying, 2);
    first.abandon();

    var next = new SimulatedStore(disk);
    if (!syncBeforeServe) {
      next.ignoreSync();
    }
    Receipt shown = engine(next, EngineGuarantees.ALL).view(id).head();
    assertThat(shown.seq()).isEqualTo(2);
    disk.losePower();
    return engine().standing(shown) != ReceiptStanding.HELD;
  }

  private static void submitIgnoringTheOutcome(SessionEngine engine, SessionId id) {
    try {
      engine.submit(id, SPAWN, CALLER);
    } catch (OutcomeUnknown expected) {
      assertThat(expected.operationId()).isEqualTo("op");
    }
  }

  private static void awaitHits(SimulatedStore store, int hits) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (store.hits() < hits) {
      assertThat(System.nanoTime()).as("the fault was never hit").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void nothing_is_served_before_it_is_synced() {
    assertThat(showsWhatPowerCanTake(true)).isFalse();
  }

  @Test
  void serving_before_syncing_would_be_noticed() {
    assertThat(showsWhatPowerCanTake(false)).isTrue();
  }

  /// An operation is acknowledged, then the process is killed. True when it is gone.
  private boolean losesWhatItAcknowledged(boolean acknowledgeAfterCommit) {
    var store = new SimulatedStore(disk);
    if (!acknowledgeAfterCommit) {
      store.writeLate();
    }
    SessionEngine first = engine(store, EngineGuarantees.ALL);
    SessionId id = session(first);
    Receipt acknowledged = first.submit(id, SPAWN, CALLER).receipt();
    return engine().standing(acknowledged) != ReceiptStanding.HELD;
  }

  @Test
  void nothing_is_acknowledged_before_it_is_committed() {
    assertThat(losesWhatItAcknowledged(true)).isFalse();
  }

  @Test
  void acknowledging_before_the_commit_would_be_noticed() {
    assertThat(losesWhatItAcknowledged(false)).isTrue();
  }

  /// While a commit hangs somebody looks, then the process is killed and the commit never happens.
  /// True when somebody saw what never was.
  private boolean showsWhatNeverHappened(EngineGuarantees guarantees) throws Exception {
    var store = new SimulatedStore(disk);
    SessionEngine first = engine(store, guarantees);
    SessionId id = session(first);
    var gate = new CountDownLatch(1);
    store.holdAppends(gate);
    store.failNext(Fault.BEFORE_WRITE);
    Thread writing = Thread.startVirtualThread(() -> submitUntilRefused(first, id));
    awaitHits(store, 1);
    long seen = first.view(id).head().seq();
    gate.countDown();
    writing.join();
    return seen > engine().view(id).head().seq();
  }

  private static void submitUntilRefused(SessionEngine engine, SessionId id) {
    try {
      engine.submit(id, SPAWN, CALLER);
    } catch (StoreUnavailable expected) {
      assertThat(expected).hasMessageContaining("nothing was changed");
    }
  }

  @Test
  void nobody_is_shown_what_a_crash_could_take_back() throws Exception {
    assertThat(showsWhatNeverHappened(EngineGuarantees.ALL)).isFalse();
  }

  @Test
  void answering_from_the_speculative_head_would_be_noticed() throws Exception {
    assertThat(showsWhatNeverHappened(new EngineGuarantees(false, true))).isTrue();
  }

  /// The same operation is sent twice. True when it ran twice.
  private boolean runsTwice(EngineGuarantees guarantees) {
    SessionEngine engine = engine(new SimulatedStore(disk), guarantees);
    SessionId id = session(engine);
    engine.submit(id, SPAWN, CALLER);
    engine.submit(id, SPAWN, CALLER);
    return engine.view(id).state().agents().size() > 1;
  }

  @Test
  void a_repeated_operation_runs_once() {
    assertThat(runsTwice(EngineGuarantees.ALL)).isFalse();
  }

  @Test
  void forgetting_operation_ids_would_be_noticed() {
    assertThat(runsTwice(new EngineGuarantees(true, false))).isTrue();
  }

  /// The disk refuses a commit. True when it was acknowledged all the same, and is not there.
  private boolean losesWhatTheDiskRefused(EngineGuarantees guarantees) {
    var store = new SimulatedStore(disk);
    SessionEngine engine = engine(store, guarantees);
    SessionId id = session(engine);
    store.failNext(Fault.BEFORE_WRITE);
    try {
      Receipt receipt = engine.submit(id, SPAWN, CALLER).receipt();
      engine.abandon();
      return engine().standing(receipt) != ReceiptStanding.HELD;
    } catch (StoreUnavailable refused) {
      assertThat(refused).hasMessageContaining("nothing was changed");
      return false;
    }
  }

  @Test
  void what_the_disk_refused_is_not_acknowledged() {
    assertThat(losesWhatTheDiskRefused(EngineGuarantees.ALL)).isFalse();
  }

  @Test
  void taking_failed_commits_for_done_would_be_noticed() {
    var believing =
        new EngineGuarantees(
            true, true, RecoveryGuarantees.ALL, ArchiveGuarantees.ALL, false, true);
    assertThat(losesWhatTheDiskRefused(believing)).isTrue();
  }

  @Test
  void what_was_given_up_on_is_no_longer_unknown_once_it_is_on_disk() {
    var reached = new CompletableFuture<String>();
    var release = new CompletableFuture<String>();
    var hangs = new AtomicBoolean();
    var store =
        new SimulatedStore(
            disk,
            step -> {
              if (hangs.get()) {
                reached.complete(step);
                release.join();
              }
            });
    SessionEngine engine = engine(store, EngineGuarantees.ALL);
    SessionId id = session(engine);
    hangs.set(true);
    var outcome =
        CompletableFuture.supplyAsync(
            () -> engine.submit(id, SPAWN, CALLER), Thread::startVirtualThread);
    assertThat(reached.join()).isEqualTo("append");
    world.pass(SessionEngineTest.SETTINGS.commitTimeoutMillis());
    engine.tick();
    assertThatThrownBy(outcome::join).hasCauseInstanceOf(OutcomeUnknown.class);
    hangs.set(false);
    release.complete("the disk is well again");
    engine.probe();
    Committed again = engine.submit(id, SPAWN, CALLER);
    assertThat(again.repeated()).isTrue();
    assertThat(engine.view(id).head()).isEqualTo(again.receipt());
  }
}
