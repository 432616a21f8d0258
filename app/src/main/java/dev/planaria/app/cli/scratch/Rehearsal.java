package dev.planaria.app.cli.scratch;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;

/// A short life of a daemon in which all that usual work needs, and a start after a kill, is used
/// once, so that the virtual machine can write down what it loaded.
public final class Rehearsal {

  private static final int CALLERS = 4;

  private static final int OPERATIONS = 200;

  private static final long PATIENCE_MILLIS = 60_000;

  private Rehearsal() {}

  /// What happens between the work of the first worker and its end.
  public interface Intermission {

    /// Happens once.
    ///
    /// @param data the data directory of the daemon
    void during(Path data) throws IOException, InterruptedException;
  }

  /// Starts a daemon, works on it, has the intermission, kills the worker in the middle of more
  /// work, works on with the next one, which has something to recover, and ends it in order. Only
  /// that last worker lives to write anything down.
  ///
  /// @param up the command line of `planaria up`
  /// @param scratch an empty directory
  public static void run(
      List<String> up, Path scratch, LongSupplier nanoTime, Intermission intermission)
      throws IOException, InterruptedException {
    Path data = scratch.resolve("data");
    ScratchDaemon daemon = ScratchDaemon.start(up, data, 0);
    try {
      McpClient client = McpClient.connect(daemon.url(), daemon.token());
      work(client, "first", nanoTime, () -> {});
      intermission.during(data);
      work(client, "second", nanoTime, daemon::killWorker);
    } finally {
      daemon.end();
    }
  }

  /// What happens in the middle of work.
  private interface Incident {
    void happen() throws IOException;
  }

  private static void work(McpClient client, String name, LongSupplier nanoTime, Incident incident)
      throws IOException, InterruptedException {
    JsonObject opened = client.call("session_open", JsonObject.builder().put("name", name).build());
    String session = opened.get("session_id") instanceof JsonString(var id) ? id : name;
    var line = new Line();
    line.connect(client);
    var ledger = new Ledger(nanoTime);
    var crew = new Crew(line, ledger, session);
    crew.start(CALLERS);
    boolean done = ledger.await(OPERATIONS, PATIENCE_MILLIS);
    incident.happen();
    done = done && ledger.await(OPERATIONS, PATIENCE_MILLIS);
    crew.finish();
    if (!done) {
      throw new IOException("the rehearsal came to a standstill: " + ledger.failures());
    }
    JsonObject named = JsonObject.builder().put("session_id", session).build();
    for (String tool :
        List.of("session_checkpoint", "session_status", "task_list", "memory_list")) {
      client.call(tool, named);
    }
  }
}
