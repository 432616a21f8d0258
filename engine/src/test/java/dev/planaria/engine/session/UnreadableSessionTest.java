package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.journal.JournalException.StoreFailed;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.storage.HeldStore;
import dev.planaria.engine.storage.Store;
import dev.planaria.engine.storage.simulated.SimulatedDisk;
import dev.planaria.engine.storage.simulated.SimulatedStore;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// A session whose part of the store cannot be read is refused by name, the others serve, and it is
/// back when the store is.
class UnreadableSessionTest {

  private static SessionEngine open(Store store) {
    return SessionEngine.open(
        store,
        SessionEngineTest.SETTINGS,
        new TestEnvironment().environment(),
        null,
        EngineGuarantees.ALL);
  }

  private static SessionId session(SessionEngine engine, String name) {
    return engine
        .openSession(name, null, SwarmConfiguration.DEFAULT, new Caller("t", "open-" + name))
        .state()
        .id();
  }

  @Test
  void a_session_that_cannot_be_read_says_so_and_comes_back() {
    var disk = new SimulatedDisk();
    SessionEngine first = open(new SimulatedStore(disk));
    SessionId sound = session(first, "sound");
    SessionId unreadable = session(first, "unreadable");
    var _ = first.checkpoint(unreadable, null);
    first.submit(
        unreadable,
        new Command.StoreMemory(new MemoryKey("n", "k"), new JsonString("v"), null, null),
        new Caller("t", "behind"));
    first.abandon();
    var failing = new AtomicBoolean(true);
    var store =
        new HeldStore(
            new SimulatedStore(disk),
            asked -> {
              if (failing.get() && asked.equals(unreadable)) {
                throw new StoreFailed("reading", new IOException("a page of it is gone"));
              }
            });
    SessionEngine engine = open(store);
    try {
      assertThat(engine.recoverAll()).as("one of them waits on").isFalse();
      assertThat(engine.view(sound).state().name()).isEqualTo("sound");
      assertThatThrownBy(() -> engine.view(unreadable))
          .isInstanceOf(SessionUnavailable.class)
          .hasMessageContaining("session unreadable cannot be read now")
          .hasMessageContaining("a page of it is gone")
          .hasMessageContaining("planaria verify");
      failing.set(false);
      assertThat(engine.recoverAll()).isTrue();
      assertThat(engine.view(unreadable).state().name()).isEqualTo("unreadable");
    } finally {
      engine.abandon();
    }
  }
}
