package dev.planaria.chaos.power;

import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.session.Caller;
import dev.planaria.engine.session.EngineEnvironment;
import dev.planaria.engine.session.EngineSettings;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/// A process of its own that does the same operations each time, one after the other, with two
/// checkpoints in between, and writes down in a file beside the store what it was told: `N SEQ` for
/// each that was acknowledged. It ends without closing anything.
final class TracedWorkload {

  static final int OPERATIONS = 24;
  static final String SAID = "said";
  static final String SESSION = "traced";

  private TracedWorkload() {}

  /// Does the work.
  ///
  /// @param arguments the data directory
  public static void main(String[] arguments) throws IOException {
    Path data = Path.of(arguments[0]);
    SessionEngine engine = open(data);
    SessionId session =
        engine
            .openSession(SESSION, null, SwarmConfiguration.DEFAULT, new Caller("test", "open"))
            .state()
            .id();
    try (FileChannel said =
        FileChannel.open(
            data.resolve(SAID), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int i = 0; i < OPERATIONS; i++) {
        var store =
            new Command.StoreMemory(
                new MemoryKey("traced", "key-" + i), JsonNumber.of(i), null, null);
        long seq = engine.submit(session, store, new Caller("test", name(i))).receipt().seq();
        said.write(ByteBuffer.wrap((name(i) + " " + seq + "\n").getBytes(StandardCharsets.UTF_8)));
        if (i % 9 == 5) {
          var _ = engine.checkpoint(session, null);
        }
      }
    }
    Runtime.getRuntime().halt(0);
  }

  private static String name(int operation) {
    return "operation-" + operation;
  }

  /// Opens an engine that does nothing of itself.
  static SessionEngine open(Path data) {
    var ids = new AtomicLong();
    return SessionEngine.open(
        data,
        EngineSettings.DEFAULT.withHousekeeping(0),
        new EngineEnvironment(
            System::currentTimeMillis,
            System::nanoTime,
            () ->
                new UUID(
                    System.currentTimeMillis() << 16 | 0x7000 | ids.incrementAndGet() % 0x1000,
                    Long.MIN_VALUE),
            () -> "token-" + ids.incrementAndGet()),
        null);
  }
}
