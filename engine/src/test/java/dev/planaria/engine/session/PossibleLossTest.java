package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.storage.simulated.SimulatedDisk;
import dev.planaria.engine.storage.simulated.SimulatedStore;
import dev.planaria.engine.storage.simulated.SimulatedStore.CheckpointFault;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Sessions of which nobody can say whether they lost something at their end: their seqs must not
/// be given out again.
class PossibleLossTest {

  private final TestEnvironment world = new TestEnvironment();
  private final SimulatedDisk disk = new SimulatedDisk();
  private final List<SessionEngine> open = new ArrayList<>();

  private SimulatedStore store = new SimulatedStore(disk);

  private SessionEngine engine() {
    if (!open.isEmpty()) {
      open.getLast().abandon();
      store = new SimulatedStore(disk);
    }
    var engine =
        SessionEngine.open(
            store, SessionEngineTest.SETTINGS, world.environment(), null, EngineGuarantees.ALL);
    open.add(engine);
    return engine;
  }

  @AfterEach
  void stopThreads() {
    open.getLast().abandon();
  }

  private static SessionId session(SessionEngine engine, String name) {
    return engine
        .openSession(name, null, SwarmConfiguration.DEFAULT, new Caller("t", null))
        .state()
        .id();
  }

  private static long remember(SessionEngine engine, SessionId id, String key) {
    return engine
        .submit(
            id,
            new Command.StoreMemory(new MemoryKey("n", key), new JsonString("v"), null, null),
            new Caller("t", null))
        .receipt()
        .seq();
  }

  /// Three sessions; the last operation of the first is in a frame that is lost, and only the third
  /// has one behind it.
  private List<SessionId> damaged() {
    SessionEngine engine = engine();
    SessionId alpha = session(engine, "alpha");
    SessionId beta = session(engine, "beta");
    SessionId gamma = session(engine, "gamma");
    for (SessionId id : List.of(alpha, beta, gamma)) {
      remember(engine, id, "a");
      remember(engine, id, "b");
    }
    assertThat(remember(engine, alpha, "lost")).isEqualTo(4);
    long lost = disk.frameCount();
    remember(engine, gamma, "behind");
    disk.drop(lost);
    return List.of(alpha, beta, gamma);
  }

  @Test
  void what_one_session_has_given_up_proves_nothing_for_another() {
    List<SessionId> ids = damaged();
    SessionEngine next = engine();
    store.failNextCheckpoint(CheckpointFault.BEFORE_WRITE);
    assertThat(next.view(ids.get(1)).head().seq()).as("beta might have had it").isGreaterThan(4);
    assertThat(store.hits()).isEqualTo(1);
    // Dies before the first session had its turn.
    SessionEngine last = engine();
    assertThat(last.view(ids.get(0)).head().seq())
        .as("alpha had it, and must not give its seq to another operation")
        .isGreaterThan(4);
    assertThat(remember(last, ids.get(2), "next")).as("gamma has lost nothing").isEqualTo(5);
  }

  @Test
  void the_same_holds_when_that_one_was_checkpointed_since() {
    List<SessionId> ids = damaged();
    SessionEngine next = engine();
    remember(next, ids.get(1), "more");
    next.checkpoint(ids.get(1), null);
    SessionEngine last = engine();
    assertThat(last.view(ids.get(0)).head().seq()).isGreaterThan(4);
  }
}
