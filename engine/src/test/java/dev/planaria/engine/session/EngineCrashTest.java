package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.storage.simulated.SimulatedDisk;
import dev.planaria.engine.storage.simulated.SimulatedStore;
import dev.planaria.engine.storage.simulated.SimulatedStore.Fault;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/// Callers work on a few sessions while commits fail in every way, checkpoints are taken, processes
/// die and the power goes. A ledger outside the engine holds what was acknowledged; nothing of it
/// may be lost, doubled or out of order.
class EngineCrashTest {

  private static final int SEEDS = Integer.getInteger("planaria.seeds", 25);
  private static final int PROCESSES = 5;
  private static final int CALLERS = 8;

  /// What befell the engine.
  private enum Event {
    COMMIT_FAILED_BEFORE_WRITE,
    COMMIT_FAILED_AFTER_WRITE,
    REOPENING_FAILED,
    CHECKPOINT,
    KILL,
    POWER_LOSS,
    UNKNOWN_THEN_RESOLVED
  }

  private final Map<Event, Integer> hits = new EnumMap<>(Event.class);
  private final ConcurrentLinkedQueue<Throwable> unexpected = new ConcurrentLinkedQueue<>();

  @Test
  void nothing_acknowledged_is_lost_doubled_or_reordered() throws Exception {
    long first = System.nanoTime();
    System.out.println("engine crashes: seeds " + first + " to " + (first + SEEDS - 1));
    long acknowledged = 0;
    for (long seed = first; seed < first + SEEDS; seed++) {
      acknowledged += run(seed);
    }
    System.out.println("engine crashes: " + acknowledged + " acknowledged, " + hits);
    assertThat(hits).containsOnlyKeys(Event.values());
    assertThat(unexpected).isEmpty();
    assertThat(acknowledged).isGreaterThan(SEEDS * 100L);
  }

  /// What one caller's counter was told.
  private record Acknowledged(Receipt receipt, String operationId, String key, long value) {}

  private long run(long seed) throws Exception {
    var random = new Random(seed);
    var world = new TestEnvironment();
    var disk = new SimulatedDisk();
    var ledger = new ConcurrentLinkedQueue<Acknowledged>();
    var unresolved = new ConcurrentHashMap<String, Attempt>();
    for (int process = 0; process < PROCESSES; process++) {
      var store = new SimulatedStore(disk);
      SessionEngine engine = open(store, world);
      resolve(engine, unresolved, ledger);
      plan(store, random);
      List<Thread> callers = new ArrayList<>();
      for (int caller = 0; caller < CALLERS; caller++) {
        String name = "p" + process + "c" + caller;
        long callerSeed = random.nextLong();
        callers.add(
            Thread.ofVirtual()
                .uncaughtExceptionHandler((_, e) -> unexpected.add(e))
                .start(() -> call(engine, name, new Random(callerSeed), ledger, unresolved)));
      }
      if (diesUnresolved) {
        awaitFailure(store);
        over = true;
        engine.abandon();
      } else if (random.nextBoolean()) {
        checkpoint(engine);
      }
      for (Thread caller : callers) {
        caller.join();
      }
      count(store, random);
      engine.abandon();
      hit(Event.KILL);
      if (random.nextInt(3) == 0) {
        disk.losePower();
        hit(Event.POWER_LOSS);
      }
      world.pass(1_000);
    }
    check(open(new SimulatedStore(disk), world), ledger, seed);
    return ledger.size();
  }

  private void checkpoint(SessionEngine engine) {
    try {
      engine.tick();
      engine.checkpoint(session(engine, 0), null);
      hit(Event.CHECKPOINT);
    } catch (StoreUnavailable notNow) {
      // The session could not be opened just then; the next process takes one.
      return;
    }
  }

  private static SessionEngine open(SimulatedStore store, TestEnvironment world) {
    return SessionEngine.open(
        store, SessionEngineTest.SETTINGS, world.environment(), null, EngineGuarantees.ALL);
  }

  private static SessionId session(SessionEngine engine, int index) {
    return engine
        .openSession(
            "s" + index, null, SwarmConfiguration.DEFAULT, new Caller("test", "open-" + index))
        .state()
        .id();
  }

  private final List<Fault> planned = new ArrayList<>();
  private boolean reopeningFails;
  private boolean diesUnresolved;
  private volatile boolean over;

  private static void awaitFailure(SimulatedStore store) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (store.hits() == 0) {
      assertThat(System.nanoTime()).as("the fault was never hit").isLessThan(deadline);
      LockSupport.parkNanos(100_000);
    }
  }

  private void plan(SimulatedStore store, Random random) {
    planned.clear();
    over = false;
    diesUnresolved = random.nextInt(4) == 0;
    if (diesUnresolved) {
      store.failNext(random.nextBoolean() ? Fault.BEFORE_WRITE : Fault.AFTER_WRITE);
      store.failReopening(Integer.MAX_VALUE);
      reopeningFails = false;
      return;
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      planned.add(random.nextBoolean() ? Fault.BEFORE_WRITE : Fault.AFTER_WRITE);
    }
    store.failNext(planned.toArray(new Fault[0]));
    reopeningFails = random.nextInt(3) == 0 && !planned.isEmpty();
    if (reopeningFails) {
      store.failReopening(3);
    }
  }

  private void count(SimulatedStore store, Random unused) {
    int left = store.hits();
    if (reopeningFails && left > 3) {
      left -= 3;
      hit(Event.REOPENING_FAILED);
    }
    for (Fault fault : planned) {
      if (left-- > 0) {
        hit(
            switch (fault) {
              case BEFORE_WRITE -> Event.COMMIT_FAILED_BEFORE_WRITE;
              case AFTER_WRITE -> Event.COMMIT_FAILED_AFTER_WRITE;
            });
      }
    }
  }

  private synchronized void hit(Event event) {
    hits.merge(event, 1, Integer::sum);
  }

  /// A command whose outcome its caller was not told.
  private record Attempt(int session, String key, long value) {}

  private void call(
      SessionEngine engine,
      String name,
      Random random,
      ConcurrentLinkedQueue<Acknowledged> ledger,
      Map<String, Attempt> unresolved) {
    for (int i = 0; i < 20; i++) {
      var attempt = new Attempt(random.nextInt(3), name, i);
      String operationId = name + "-" + i;
      while (true) {
        try {
          ledger.add(submit(engine, attempt, operationId));
          break;
        } catch (StoreUnavailable repeat) {
          if (over) {
            return;
          }
          // A definite no: the same command goes again.
          LockSupport.parkNanos(100_000);
        } catch (OutcomeUnknown unknown) {
          unresolved.put(operationId, attempt);
          return;
        }
      }
    }
  }

  private static Acknowledged submit(SessionEngine engine, Attempt attempt, String operationId) {
    SessionId id = session(engine, attempt.session());
    var key = new MemoryKey("counters", attempt.key() + "/" + attempt.session());
    Committed committed =
        engine.submit(
            id,
            new Command.StoreMemory(key, JsonNumber.of(attempt.value()), null, null),
            new Caller("test", operationId));
    return new Acknowledged(committed.receipt(), operationId, key.key(), attempt.value());
  }

  /// The callers of the process before ask what became of their commands, by repeating them.
  private void resolve(
      SessionEngine engine,
      Map<String, Attempt> unresolved,
      ConcurrentLinkedQueue<Acknowledged> ledger) {
    unresolved.forEach((operationId, attempt) -> {
      ledger.add(submit(engine, attempt, operationId));
      hit(Event.UNKNOWN_THEN_RESOLVED);
    });
    unresolved.clear();
  }

  private static void check(
      SessionEngine engine, ConcurrentLinkedQueue<Acknowledged> ledger, long seed) {
    Map<SessionId, Map<String, Long>> seqs = new HashMap<>();
    for (int i = 0; i < 3; i++) {
      SessionId id = session(engine, i);
      Map<String, Long> byOperation = seqs.computeIfAbsent(id, _ -> new HashMap<>());
      engine.journal(
          id,
          1,
          Integer.MAX_VALUE,
          entry ->
              assertThat(byOperation.put(entry.operationId(), entry.seq()))
                  .as("seed %d: operation %s is in the journal twice", seed, entry.operationId())
                  .isNull());
    }
    Map<String, Acknowledged> last = new HashMap<>();
    for (Acknowledged one : ledger) {
      assertThat(engine.standing(one.receipt()))
          .as("seed %d: %s", seed, one)
          .isEqualTo(ReceiptStanding.HELD);
      Acknowledged before = last.put(one.receipt().sessionId() + one.key(), one);
      if (before != null && before.value() < one.value()) {
        assertThat(one.receipt().seq())
            .as("seed %d: %s after %s", seed, one, before)
            .isGreaterThan(before.receipt().seq());
      }
    }
    assertThat(engine.verify().findings()).as("seed %d", seed).isEmpty();
    engine.abandon();
  }
}
