package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.storage.simulated.SimulatedDisk;
import dev.planaria.engine.storage.simulated.SimulatedStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// More sessions than memory has room for, after a crash.
class SettlingTest {

  private static final int SESSIONS = 12;
  private static final int OPERATIONS = 20;

  private final TestEnvironment world = new TestEnvironment();
  private final SimulatedDisk disk = new SimulatedDisk();
  private final List<SessionEngine> open = new ArrayList<>();
  private SimulatedStore store = new SimulatedStore(disk);

  private SessionEngine engine() {
    store = new SimulatedStore(disk);
    SessionEngine engine =
        SessionEngine.open(
            store, SessionEngineTest.SETTINGS, world.environment(), null, EngineGuarantees.ALL);
    open.add(engine);
    return engine;
  }

  @AfterEach
  void stopThreads() {
    open.forEach(SessionEngine::abandon);
  }

  /// What every session was before its process was killed.
  private Map<SessionId, SessionView> filled() {
    SessionEngine engine = engine();
    var views = new LinkedHashMap<SessionId, SessionView>();
    for (int i = 0; i < SESSIONS; i++) {
      SessionId id =
          engine
              .openSession("s" + i, null, SwarmConfiguration.DEFAULT, new Caller("operator", null))
              .state()
              .id();
      for (int op = 0; op < OPERATIONS; op++) {
        var key = new MemoryKey("n", "k" + op);
        engine.submit(
            id,
            new Command.StoreMemory(key, new JsonString("v" + i), null, null),
            new Caller("operator", null));
      }
      views.put(id, engine.view(id));
    }
    return views;
  }

  @Test
  void what_memory_has_no_room_for_is_recovered_and_reported_and_stays_on_disk_as_it_was() {
    Map<SessionId, SessionView> before = filled();
    SessionEngine engine = engine();
    engine.recoverAll();
    assertThat(engine.recoveryRuns(1).getFirst().sessionsRecovered()).isEqualTo(SESSIONS);
    assertThat(engine.recoveryRuns(1).getFirst().finished()).isTrue();
    assertThat(engine.sessions().stream().filter(SessionSummary::resident)).hasSize(3);
    before.forEach((id, view) -> {
      assertThat(engine.checkpoints(id)).isEmpty();
      assertThat(engine.recoveries(id, 10))
          .singleElement()
          .matches(RecoveryRecord::success)
          .returns(OPERATIONS + 1L, RecoveryRecord::operationsReplayed);
      assertThat(engine.view(id)).isEqualTo(view);
      // Brought back once more, which is no recovery.
      assertThat(engine.recoveries(id, 10)).hasSize(1);
    });
  }

  @Test
  void it_is_checkpointed_when_that_is_due_and_holds_the_low_water_mark_back_no_longer() {
    Map<SessionId, SessionView> before = filled();
    SessionEngine engine = engine();
    engine.recoverAll();
    engine.settle();
    assertThat(before.keySet()).allMatch(id -> engine.checkpoints(id).isEmpty());
    world.pass(SessionEngineTest.SETTINGS.checkpoints().intervals().lowMillis());
    engine.settle();
    engine.tick();
    assertThat(engine.sessions().stream().filter(SessionSummary::resident)).hasSize(3);
    before.forEach((id, view) -> {
      assertThat(engine.checkpoints(id)).isNotEmpty().allMatch(CheckpointInfo::verified);
      assertThat(engine.view(id)).isEqualTo(view);
    });
    assertThat(engine().verify().findings()).isEmpty();
    assertThat(store.marks().lowWater().id()).isGreaterThanOrEqualTo(SESSIONS * (long) OPERATIONS);
  }
}
