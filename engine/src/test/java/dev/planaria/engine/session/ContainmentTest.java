package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.integrity.StateIntegrityValidator;
import dev.planaria.engine.integrity.StateIntegrityValidator.Check;
import dev.planaria.engine.integrity.StateIntegrityValidator.Validation;
import dev.planaria.engine.recovery.RecoveryGuarantees;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRecord.Strategy;
import dev.planaria.engine.state.Consistency;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.SessionStatus;
import dev.planaria.engine.storage.HeldStore;
import dev.planaria.engine.storage.Store;
import dev.planaria.engine.storage.StoredBytes;
import dev.planaria.engine.storage.archive.ArchiveSettings;
import dev.planaria.engine.storage.simulated.SimulatedBytes;
import dev.planaria.engine.storage.simulated.SimulatedDisk;
import dev.planaria.engine.storage.sqlite.SqliteBytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Of many sessions some are damaged, each in another way: the others serve at once, and each of
/// the damaged ones ends as the decision table says, with what it lost counted as the ledger counts
/// it.
class ContainmentTest {

  private static final int SESSIONS = Integer.getInteger("planaria.sessions", 1_000);
  private static final int DAMAGES = Integer.getInteger("planaria.damaged", 50);
  private static final int FEW = 150;
  private static final int FEW_DAMAGES = 2 * Harm.values().length;
  private static final long DEADLINE_SECONDS = 60;

  static final EngineSettings SETTINGS =
      new EngineSettings(
          EngineSettings.DEFAULT.limits(),
          100_000,
          16_384,
          EngineSettings.DEFAULT.commit(),
          30_000,
          EngineSettings.DEFAULT.operationIdMillis(),
          1_000,
          100_000,
          10_000_000,
          EngineSettings.DEFAULT.checkpoints(),
          new ArchiveSettings(64L << 20, EngineSettings.DEFAULT.archive().keepMillis(), 64),
          0);

  private final TestEnvironment world = new TestEnvironment();
  private final long seed = Long.getLong("planaria.seed", System.nanoTime());
  private final Random random = new Random(seed);

  private SessionEngine open(Store store, EngineGuarantees guarantees) {
    return SessionEngine.open(store, SETTINGS, world.environment(), null, guarantees);
  }

  private static EngineGuarantees with(RecoveryGuarantees recovery) {
    return new EngineGuarantees(true, true, recovery, ArchiveGuarantees.ALL);
  }

  private Swarm swarm(StoredBytes bytes, int sessions, int damages) {
    try (Store store = bytes.open()) {
      SessionEngine engine = open(store, EngineGuarantees.ALL);
      var swarm = new Swarm(engine, sessions, HarmedSwarm.apart(damages), random);
      swarm.live();
      engine.abandon();
      return swarm;
    }
  }

  /// How long callers waited for their first answers, longest last; in microseconds.
  private static long[] firstAnswers(SessionEngine engine, List<SessionId> ids) {
    var took = new long[ids.size()];
    try (var callers = Executors.newFixedThreadPool(8)) {
      var running = new ArrayList<Future<?>>();
      for (int i = 0; i < took.length; i++) {
        int n = i;
        running.add(
            callers.submit(() -> {
              long start = System.nanoTime();
              var _ = engine.view(ids.get(n));
              took[n] = (System.nanoTime() - start) / 1_000;
            }));
      }
      for (Future<?> one : running) {
        one.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("a sound session did not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    Arrays.sort(took);
    return took;
  }

  @Test
  void damaged_sessions_end_as_the_table_says_and_sound_ones_serve_at_once_simulated() {
    contained("simulated", new SimulatedBytes(new SimulatedDisk()));
  }

  @Test
  void damaged_sessions_end_as_the_table_says_and_sound_ones_serve_at_once_in_sqlite(
      @TempDir Path directory) {
    contained("SQLite", new SqliteBytes(directory));
  }

  private void contained(String what, StoredBytes bytes) {
    long start = System.nanoTime();
    Swarm swarm = swarm(bytes, SESSIONS, DAMAGES);
    long lived = System.nanoTime();
    var harmed = new HarmedSwarm(bytes, swarm, DAMAGES, random);
    long broken = System.nanoTime();
    try (Store store = bytes.open()) {
      SessionEngine engine = open(store, EngineGuarantees.ALL);
      long opened = System.nanoTime();
      Thread recovering = Thread.ofPlatform().start(engine::recoverAll);
      long[] took = firstAnswers(engine, harmed.sound);
      long served = System.nanoTime();
      join(recovering);
      long recovered = System.nanoTime();
      System.out.printf(
          "containment, %s: seed %d, %d sessions, %s; lived %d ms, harmed %d ms; opened %d ms,"
              + " %d sound ones served after %d ms (p50 %d us, p99 %d us, slowest %d us), all"
              + " recovered after %d ms%n",
          what,
          seed,
          SESSIONS,
          hits(engine, harmed),
          (lived - start) / 1_000_000,
          (broken - lived) / 1_000_000,
          (opened - broken) / 1_000_000,
          took.length,
          (served - opened) / 1_000_000,
          took[took.length / 2],
          took[took.length * 99 / 100],
          took[took.length - 1],
          (recovered - opened) / 1_000_000);
      assertThat(violations(engine, swarm, harmed)).as("seed %d", seed).isEmpty();
      assertThat(hits(engine, harmed)).hasSize(Harm.values().length);
      engine.abandon();
    }
    // What was healed stays healed, and what was not stays contained.
    try (Store store = bytes.open()) {
      SessionEngine engine = open(store, EngineGuarantees.ALL);
      engine.recoverAll();
      var lasting = new ArrayList<String>();
      harmed.harmed.forEach((id, harm) -> state(engine, id, harm, swarm.ledger(id), lasting));
      assertThat(lasting).as("seed %d, once more", seed).isEmpty();
      engine.abandon();
    }
  }

  private static void join(Thread thread) {
    try {
      assertThat(thread.join(java.time.Duration.ofSeconds(DEADLINE_SECONDS))).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// How many of the damages of each kind were noticed.
  private static Map<Harm, Integer> hits(SessionEngine engine, HarmedSwarm harmed) {
    Map<Harm, Integer> hits = new EnumMap<>(Harm.class);
    harmed.harmed.forEach((id, harm) -> {
      boolean found =
          engine.recoveries(id, 1).stream().anyMatch(record -> !record.findings().isEmpty());
      if (found || !harm.isFound()) {
        hits.merge(harm, 1, Integer::sum);
      }
    });
    return hits;
  }

  /// Everything that is not as it must be.
  private static List<String> violations(SessionEngine engine, Swarm swarm, HarmedSwarm harmed) {
    var wrong = new ArrayList<String>();
    harmed.harmed.forEach((id, harm) -> {
      Swarm.Ledger ledger = swarm.ledger(id);
      record(engine, id, harm, ledger, wrong);
      state(engine, id, harm, ledger, wrong);
      answers(engine, id, harm, ledger, wrong);
    });
    for (SessionId id : harmed.sound) {
      Swarm.Ledger ledger = swarm.ledger(id);
      RecoveryRecord record = engine.recoveries(id, 1).getFirst();
      require(
          record.strategy() == Strategy.IMMEDIATE_RESTART && record.findings().isEmpty(),
          "a sound session was recovered by " + record.strategy() + ": " + record.findings(),
          wrong);
      Validation validation =
          StateIntegrityValidator.validate(ledger.state, engine.view(id).state());
      require(validation.overallSuccess(), "a sound session is another one now", wrong);
    }
    return wrong;
  }

  private static void require(boolean holds, String otherwise, List<String> wrong) {
    if (!holds) {
      wrong.add(otherwise);
    }
  }

  private static void record(
      SessionEngine engine, SessionId id, Harm harm, Swarm.Ledger ledger, List<String> wrong) {
    RecoveryRecord record = engine.recoveries(id, 1).getFirst();
    Map<String, Long> expected =
        harm == Harm.NOTHING_LEFT
            ? Map.of("unreadable", (long) ledger.acknowledged.size() + 1)
            : harm.losses;
    require(
        record.strategy() == harm.strategy(),
        harm + " was recovered by " + record.strategy() + ": " + record.findings(),
        wrong);
    require(record.success() != harm.quarantines(), harm + ": success " + record.success(), wrong);
    require(record.losses().equals(expected), harm + " lost " + record.losses(), wrong);
    long lost = expected.values().stream().mapToLong(Long::longValue).sum();
    require(record.operationsLost() == lost, harm + " lost " + record.operationsLost(), wrong);
    require(record.findings().isEmpty() != harm.isFound(), harm + ": no finding", wrong);
  }

  private static void state(
      SessionEngine engine, SessionId id, Harm harm, Swarm.Ledger ledger, List<String> wrong) {
    SessionState now = engine.view(id).state();
    if (harm.quarantines()) {
      require(now.status() == SessionStatus.QUARANTINED, harm + " is " + now.status(), wrong);
      try {
        engine.submit(id, Swarm.remember("no", "v"), new Caller("t", "no"));
        wrong.add(harm + " takes commands");
      } catch (SessionUnavailable refused) {
        require(refused.getMessage() != null, "no reason", wrong);
      }
      return;
    }
    require(Consistency.check(now).isEmpty(), harm + ": the state is wrong", wrong);
    Set<String> missing = new TreeSet<>();
    Set<String> changed = new TreeSet<>();
    Set<String> extra = new TreeSet<>();
    for (Check check : StateIntegrityValidator.validate(ledger.state, now).checks()) {
      missing.addAll(check.missing());
      changed.addAll(check.changed());
      extra.addAll(check.extra());
    }
    Set<String> expected = new TreeSet<>();
    for (String step : harm.lostSteps) {
      if (step.equals("D") || step.equals("E")) {
        expected.add(ledger.task(step));
      } else if (!step.equals("open")) {
        expected.add(new dev.planaria.engine.state.MemoryKey("n", step).toString());
      }
    }
    boolean all = harm == Harm.NOTHING_LEFT;
    require(all || missing.equals(expected), harm + ": missing " + missing, wrong);
    require(!all || now.memory().isEmpty(), harm + ": something is left", wrong);
    boolean repaired = harm == Harm.DANGLING_REFERENCE || harm == Harm.VALUE_OUT_OF_BOUNDS;
    require(changed.isEmpty() || (repaired && changed.size() == 1), harm + ": " + changed, wrong);
    require(extra.isEmpty(), harm + ": extra " + extra, wrong);
  }

  private static void answers(
      SessionEngine engine, SessionId id, Harm harm, Swarm.Ledger ledger, List<String> wrong) {
    if (harm.quarantines()) {
      return;
    }
    for (String step : ledger.acknowledged.keySet()) {
      boolean lost = harm == Harm.NOTHING_LEFT || harm.lostSteps.contains(step);
      OperationLookup said;
      try {
        said = engine.operation(id, new Caller("t", step));
      } catch (SessionUnavailable refused) {
        wrong.add(harm + " does not serve: " + refused.getMessage());
        return;
      }
      boolean right =
          switch (said) {
            case OperationLookup.Applied _ -> !lost;
            case OperationLookup.RolledBack(), OperationLookup.Expired() -> lost;
            case OperationLookup.Pending(), OperationLookup.Unknown(), OperationLookup.NotFound() ->
                false;
          };
      require(right, harm + ": of " + step + " it says " + said, wrong);
    }
  }

  /// True when every sound session answers while the recovery of each damaged one hangs.
  private boolean soundOnesAnswer(EngineGuarantees guarantees, long millis) {
    var bytes = new SimulatedBytes(new SimulatedDisk());
    Swarm swarm = swarm(bytes, FEW, FEW_DAMAGES);
    var harmed = new HarmedSwarm(bytes, swarm, FEW_DAMAGES, random);
    var release = new CountDownLatch(1);
    var reached = new CountDownLatch(1);
    var store =
        new HeldStore(bytes.open(), HeldStore.hold(harmed.harmed.keySet(), reached, release));
    SessionEngine engine = open(store, guarantees);
    Thread recovering = Thread.ofPlatform().start(engine::recoverAll);
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (SessionId id : harmed.harmed.keySet()) {
        // Somebody wants each of the damaged ones, too.
        var _ = callers.submit(() -> engine.view(id));
      }
      reached.await();
      var answers = new ArrayList<Future<?>>();
      harmed.sound.forEach(id -> answers.add(callers.submit(() -> engine.view(id))));
      try {
        for (Future<?> answer : answers) {
          answer.get(millis, TimeUnit.MILLISECONDS);
        }
        return true;
      } catch (TimeoutException | ExecutionException waiting) {
        return false;
      } finally {
        release.countDown();
        join(recovering);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } finally {
      engine.abandon();
    }
  }

  @Test
  void sound_sessions_answer_while_every_damaged_one_hangs() {
    assertThat(soundOnesAnswer(EngineGuarantees.ALL, DEADLINE_SECONDS * 1_000))
        .as("seed %d", seed)
        .isTrue();
  }

  @Test
  void without_containment_they_do_not() {
    assertThat(soundOnesAnswer(with(new RecoveryGuarantees(true, true, true, false)), 300))
        .as("seed %d", seed)
        .isFalse();
  }

  private List<String> violations(RecoveryGuarantees guarantees) {
    var bytes = new SimulatedBytes(new SimulatedDisk());
    Swarm swarm = swarm(bytes, FEW, FEW_DAMAGES);
    var harmed = new HarmedSwarm(bytes, swarm, FEW_DAMAGES, random);
    SessionEngine engine = open(bytes.open(), with(guarantees));
    engine.recoverAll();
    List<String> violations = violations(engine, swarm, harmed);
    engine.abandon();
    return violations;
  }

  @Test
  void a_recovery_that_leaves_something_out_is_noticed() {
    assertThat(violations(RecoveryGuarantees.ALL)).as("seed %d", seed).isEmpty();
    assertThat(violations(new RecoveryGuarantees(false, true, true, true)))
        .as("no detaching, seed %d", seed)
        .isNotEmpty();
    assertThat(violations(new RecoveryGuarantees(true, false, true, true)))
        .as("no clamping, seed %d", seed)
        .isNotEmpty();
    assertThat(violations(new RecoveryGuarantees(true, true, false, true)))
        .as("no counting, seed %d", seed)
        .isNotEmpty();
  }
}
