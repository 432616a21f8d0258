package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.recovery.RecoveryRecord.Strategy;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.storage.simulated.Damage;
import dev.planaria.engine.storage.simulated.SimulatedDisk;
import dev.planaria.engine.storage.simulated.SimulatedStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Sessions whose line in the catalogue is lost: their checkpoints and the journal know them.
class LostLineTest {

  private final TestEnvironment world = new TestEnvironment();
  private final SimulatedDisk disk = new SimulatedDisk();
  private final List<SessionEngine> open = new ArrayList<>();

  private SessionEngine engine() {
    if (!open.isEmpty()) {
      open.getLast().abandon();
    }
    var engine =
        SessionEngine.open(
            new SimulatedStore(disk),
            SessionEngineTest.SETTINGS,
            world.environment(),
            null,
            EngineGuarantees.ALL);
    open.add(engine);
    return engine;
  }

  @AfterEach
  void stopThreads() {
    open.getLast().abandon();
  }

  private static SessionId session(SessionEngine engine, String name) {
    SessionId id =
        engine
            .openSession(name, null, SwarmConfiguration.DEFAULT, new Caller("t", null))
            .state()
            .id();
    remember(engine, id, "a");
    engine.checkpoint(id, null);
    return id;
  }

  private static void remember(SessionEngine engine, SessionId id, String key) {
    engine.submit(
        id,
        new Command.StoreMemory(new MemoryKey("n", key), new JsonString("v"), null, null),
        new Caller("t", null));
  }

  @Test
  void a_session_with_a_lost_line_is_found_by_its_name_and_has_lost_nothing() {
    SessionEngine engine = engine();
    SessionId cold = session(engine, "cold");
    SessionId tailed = session(engine, "tailed");
    SessionId other = session(engine, "other");
    remember(engine, tailed, "b");
    List<SessionView> before = List.of(engine.view(cold), engine.view(tailed), engine.view(other));
    disk.dropLine(cold);
    disk.dropLine(tailed);

    SessionEngine next = engine();
    assertThat(next.find("cold").orElseThrow().id()).isEqualTo(cold);
    assertThat(next.find("tailed").orElseThrow().id()).isEqualTo(tailed);
    assertThat(List.of(next.view(cold), next.view(tailed), next.view(other))).isEqualTo(before);
    for (SessionId id : List.of(cold, tailed)) {
      assertThat(next.recoveries(id, 1).getFirst().strategy())
          .isEqualTo(Strategy.CHECKPOINT_ROLLBACK);
      assertThat(next.recoveries(id, 1).getFirst().findings().getFirst()).contains("catalogue");
      assertThat(next.recoveries(id, 1).getFirst().operationsLost()).isZero();
    }
    assertThat(next.recoveries(other, 1)).isEmpty();
    next.tick();

    SessionEngine last = engine();
    assertThat(last.view(cold)).as("its line is back").isEqualTo(before.getFirst());
    assertThat(last.recoveries(cold, 9)).hasSize(1);
  }

  @Test
  void with_its_checkpoints_damaged_too_the_journal_knows_its_name_and_everything_else() {
    SessionEngine engine = engine();
    SessionId id = session(engine, "alpha");
    SessionView before = engine.view(id);
    disk.dropLine(id);
    assertThat(new Damage(disk).flipCheckpoints(id, 9)).isPositive();
    SessionEngine next = engine();
    assertThat(next.find("alpha").orElseThrow().id()).isEqualTo(id);
    assertThat(next.view(id)).isEqualTo(before);
  }
}
