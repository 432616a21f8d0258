package dev.planaria.engine.session;

import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.storage.sqlite.SqliteStore;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/// A process of its own that does the same operations each time, one after the other, on one
/// session with two checkpoints in between, and says on standard output what it was told: the
/// ledger is with whoever started it. It ends without closing anything.
///
/// Lines: `open`, `ack N SEQ`, `refused N`, `unknown N`, `done`.
final class FixedWorkload {

  /// How many operations it does.
  static final int OPERATIONS = 24;

  private static final int ATTEMPTS = 400;

  private FixedWorkload() {}

  /// Does the work.
  ///
  /// @param arguments the data directory
  public static void main(String[] arguments) {
    SqliteStore store = SqliteStore.open(Path.of(arguments[0]));
    SessionEngine engine = StoreImage.open(store, new TestEnvironment());
    say("open");
    for (int i = 0; i < OPERATIONS; i++) {
      submit(engine, i);
      if (i % 9 == 5) {
        checkpoint(engine);
      }
    }
    say("done");
    Runtime.getRuntime().halt(0);
  }

  private static SessionId session(SessionEngine engine) {
    return engine
        .openSession("fixed", null, SwarmConfiguration.DEFAULT, new Caller("test", "open"))
        .state()
        .id();
  }

  private static void submit(SessionEngine engine, int n) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        Committed committed =
            engine.submit(
                session(engine),
                new Command.StoreMemory(
                    new MemoryKey("fixed", "key-" + n), JsonNumber.of(n), null, null),
                operation(n));
        say("ack " + n + " " + committed.receipt().seq());
        return;
      } catch (StoreUnavailable refused) {
        say("refused " + n);
      } catch (OutcomeUnknown unknown) {
        say("unknown " + n);
      }
      LockSupport.parkNanos(5_000_000);
    }
    throw new IllegalStateException("operation " + n + " was never accepted");
  }

  /// The caller of an operation, with its operation id.
  static Caller operation(int n) {
    return new Caller("test", "operation-" + n);
  }

  private static void checkpoint(SessionEngine engine) {
    try {
      var _ = engine.checkpoint(session(engine), null);
    } catch (StoreUnavailable | dev.planaria.engine.journal.JournalException notNow) {
      say("refused a checkpoint");
    }
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
