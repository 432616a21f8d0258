package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.storage.simulated.Damage;
import dev.planaria.engine.storage.simulated.SimulatedDisk;
import dev.planaria.engine.storage.simulated.SimulatedStore;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/// What it costs to search the journal for what is left of many damaged sessions.
class ManyDamagedTest {

  private static final int SESSIONS = 60;
  private static final int DAMAGED = 50;
  private static final int OPERATIONS = Integer.getInteger("planaria.operations", 100);

  @Test
  void the_journal_is_gone_through_once_for_all_of_them() {
    var disk = new SimulatedDisk();
    var world = new TestEnvironment();
    var first = open(new SimulatedStore(disk), world);
    var ids = new ArrayList<SessionId>();
    for (int i = 0; i < SESSIONS; i++) {
      ids.add(
          first
              .openSession("s" + i, null, SwarmConfiguration.DEFAULT, new Caller("t", "open"))
              .state()
              .id());
    }
    for (int n = 0; n < OPERATIONS; n++) {
      for (SessionId id : ids) {
        first.submit(id, Swarm.remember("k" + n, "v"), new Caller("t", "op" + n));
      }
    }
    first.abandon();
    var damage = new Damage(disk);
    for (SessionId id : ids.subList(0, DAMAGED)) {
      assertThat(damage.flipOperation(id, OPERATIONS / 2)).isTrue();
    }
    var store = new SimulatedStore(disk);
    SessionEngine engine = open(store, world);
    long start = System.nanoTime();
    engine.recoverAll();
    long millis = (System.nanoTime() - start) / 1_000_000;
    System.out.printf(
        "many damaged: %d of %d sessions of %d operations recovered in %d ms, %d frames read of"
            + " %d%n",
        DAMAGED, SESSIONS, OPERATIONS, millis, store.framesRead(), disk.frameCount());
    for (SessionId id : ids) {
      long lost = engine.recoveries(id, 1).getFirst().operationsLost();
      assertThat(lost).isEqualTo(ids.indexOf(id) < DAMAGED ? 1 : 0);
      assertThat(engine.view(id).state().memory()).hasSize((int) (OPERATIONS - lost));
    }
    assertThat(store.framesRead()).isLessThan(2L * disk.frameCount());
    engine.abandon();
  }

  private static SessionEngine open(SimulatedStore store, TestEnvironment world) {
    return SessionEngine.open(
        store, SessionEngineTest.SETTINGS, world.environment(), null, EngineGuarantees.ALL);
  }
}
