package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.storage.archive.ArchiveSettings;
import dev.planaria.engine.storage.simulated.Damage;
import dev.planaria.engine.storage.simulated.SimulatedDisk;
import dev.planaria.engine.storage.simulated.SimulatedStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Restores beside everything else that a history is made of: the archive, damage, other callers.
class RestoreHistoryTest {

  private static final EngineSettings SETTINGS =
      SessionEngineTest.SETTINGS
          .withArchive(new ArchiveSettings(10_000, 30L * 86_400_000, 16))
          .withHousekeeping(0);

  private final TestEnvironment world = new TestEnvironment();
  private final SimulatedDisk disk = new SimulatedDisk();
  private final List<SessionEngine> open = new ArrayList<>();
  private SimulatedStore store = new SimulatedStore(disk);
  private SessionEngine engine = reopen();
  private final SessionId id =
      engine
          .openSession("alpha", null, SwarmConfiguration.DEFAULT, new Caller("t", "open"))
          .state()
          .id();

  private SessionEngine reopen() {
    if (!open.isEmpty()) {
      open.getLast().abandon();
      store = new SimulatedStore(disk);
    }
    engine = SessionEngine.open(store, SETTINGS, world.environment(), null, EngineGuarantees.ALL);
    open.add(engine);
    return engine;
  }

  @AfterEach
  void stopThreads() {
    open.forEach(SessionEngine::abandon);
  }

  private Receipt remember(String key, String value) {
    var memory = new MemoryKey("n", key);
    return engine
        .submit(
            id,
            new Command.StoreMemory(memory, new JsonString(value), null, null),
            new Caller("t", key + value))
        .receipt();
  }

  private void work(int count, String what) {
    for (int i = 0; i < count; i++) {
      remember("k" + i % 20, what + i);
    }
  }

  /// Checkpoints, and gives the archive time for everything.
  private void settle() {
    engine.checkpoint(id, null);
    for (int i = 0; i < 6; i++) {
      engine.tick();
    }
  }

  private Committed restore(long seq) {
    return engine.restore(id, new PastPoint.AtSeq(seq), new Caller("t", null));
  }

  @Test
  void what_only_the_archive_holds_can_be_gone_back_to() {
    work(80, "a");
    SessionView then = engine.view(id);
    work(80, "b");
    settle();
    work(80, "c");
    settle();
    long rows = disk.frameCount();
    assertThat(rows).isLessThan(80);
    assertThat(engine.checkpoints(id)).noneMatch(info -> info.seq() <= then.head().seq());
    Committed restored = restore(then.head().seq());
    assertThat(((Operation.Restored) restored.operation()).dropped()).isEqualTo(160);
    assertThat(engine.view(id).state().memory()).isEqualTo(then.state().memory());
    SessionId fork =
        engine
            .fork(id, "copy", new PastPoint.AtSeq(then.head().seq()), new Caller("t", "f"))
            .state()
            .id();
    SessionView before = engine.view(id);
    reopen();
    assertThat(engine.view(id)).isEqualTo(before);
    assertThat(engine.view(fork).state().memory()).isEqualTo(then.state().memory());
    assertThat(engine.verify().findings()).isEmpty();
  }

  @Test
  void what_was_dropped_for_its_age_is_refused_and_said_to_have_been() {
    work(80, "a");
    Receipt early = remember("k", "early");
    for (int i = 0; i < 4; i++) {
      work(80, "b" + i);
      settle();
      engine.checkpoint(id, "full " + i);
    }
    world.pass(31L * 86_400_000);
    for (int i = 0; i < 6; i++) {
      engine.tick();
    }
    SessionView before = engine.view(id);
    assertThatThrownBy(() -> restore(early.seq()))
        .isInstanceOfSatisfying(
            Refusal.class, r -> assertThat(r.code()).isEqualTo(Refusal.Code.OPERATION_EXPIRED))
        .hasMessageContaining("longer ago than the archive is kept");
    assertThat(engine.view(id)).isEqualTo(before);
  }

  @Test
  void a_restore_stands_when_something_that_it_took_back_is_lost() {
    work(5, "a");
    SessionState then = engine.view(id).state();
    Receipt kept = engine.view(id).head();
    Receipt gone = remember("k1", "gone");
    remember("k2", "gone");
    Committed restored = restore(kept.seq());
    remember("k3", "after");
    open.getLast().abandon();
    var damage = new Damage(disk);
    damage.dropCheckpoints(id);
    assertThat(damage.flipOperation(id, gone.seq())).isTrue();
    reopen();
    SessionState state = engine.view(id).state();
    var key = new MemoryKey("n", "k3");
    assertThat(state.memory().minus(key)).isEqualTo(then.memory().minus(key));
    assertThat(engine.recoveries(id, 1).getFirst().operationsLost()).isEqualTo(1);
    assertThat(engine.operation(id, new Caller("t", "k2gone")))
        .isEqualTo(new OperationLookup.RolledBack());
    assertThat(engine.operation(id, new Caller("t", "k3after")))
        .isInstanceOf(OperationLookup.Applied.class);
    // Nobody can tell any more what it was before the loss, but ever since.
    assertThatThrownBy(() -> restore(restored.receipt().seq()))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("can no longer be told");
    long healed = engine.view(id).head().seq();
    remember("k4", "later");
    assertThat(((Operation.Restored) restore(healed).operation()).dropped()).isEqualTo(1);
    SessionView before = engine.view(id);
    reopen();
    assertThat(engine.view(id)).isEqualTo(before);
  }

  @Test
  void a_restore_among_many_callers_is_one_step_for_all_of_them() throws InterruptedException {
    work(10, "a");
    long seq = engine.view(id).head().seq();
    var unexpected = new ConcurrentLinkedQueue<Throwable>();
    var threads = new ArrayList<Thread>();
    for (int caller = 0; caller < 8; caller++) {
      String name = "c" + caller;
      threads.add(
          Thread.ofVirtual()
              .uncaughtExceptionHandler((_, e) -> unexpected.add(e))
              .start(() -> {
                for (int i = 0; i < 60; i++) {
                  remember(name, "v" + i);
                  engine.view(id);
                }
              }));
    }
    long dropped = 0;
    for (int i = 0; i < 10; i++) {
      dropped += ((Operation.Restored) restore(seq).operation()).dropped();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(unexpected).isEmpty();
    SessionView before = engine.view(id);
    long counting = before.head().seq() - dropped;
    var applied = new ArrayList<Long>();
    for (int caller = 0; caller < 8; caller++) {
      for (int i = 0; i < 60; i++) {
        OperationLookup known = engine.operation(id, new Caller("t", "c" + caller + "v" + i));
        if (known instanceof OperationLookup.Applied(Committed committed)) {
          applied.add(committed.receipt().seq());
        } else {
          assertThat(known).isEqualTo(new OperationLookup.RolledBack());
        }
      }
    }
    // The opening, the first ten, the last restore, and what is applied.
    assertThat(counting).isEqualTo(1 + 10 + 1 + applied.size());
    reopen();
    assertThat(engine.view(id)).isEqualTo(before);
    assertThat(engine.verify().findings()).isEmpty();
  }
}
