package dev.planaria.app.cli.scratch;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Runs the demo from start to end.
public final class Demo {

  /// No kill is slower to recover from than this, on any machine that can run the daemon.
  private static final long PATIENCE_MILLIS = 120_000;

  /// So many acknowledgements stand between two kills.
  private static final int WORK_BETWEEN_KILLS = 150;

  private final Settings settings;
  private final Surroundings surroundings;
  private final Ledger ledger;
  private final Line line = new Line();
  private final List<DemoReport.Kill> kills = new ArrayList<>();

  /// What is to be shown.
  ///
  /// @param callers how many agents work at once
  /// @param workerKills how often the worker is killed
  /// @param daemonKills how often front and worker are killed together
  public record Settings(int callers, int workerKills, int daemonKills) {}

  /// What the demo takes from outside.
  ///
  /// @param up the command line of `planaria up`
  /// @param scratch an empty directory of the demo's own
  /// @param nanoTime a monotonic clock
  /// @param tell gets the story, line by line
  public record Surroundings(
      List<String> up, Path scratch, LongSupplier nanoTime, Consumer<String> tell) {}

  /// @param settings what is to be shown
  /// @param surroundings what the demo takes from outside
  public Demo(Settings settings, Surroundings surroundings) {
    this.settings = settings;
    this.surroundings = surroundings;
    this.ledger = new Ledger(surroundings.nanoTime());
  }

  /// Runs it.
  ///
  /// @throws IOException when it could not be run to its end; then nothing is claimed
  public DemoReport run() throws IOException, InterruptedException {
    ScratchDaemon daemon = startDaemon(0);
    try {
      McpClient client = McpClient.connect(daemon.url(), daemon.token());
      tell("a client shakes hands over MCP; its Mcp-Session-Id is " + client.link());
      String session = openSession(client);
      tell("session " + session + " is open; " + settings.callers() + " agents go to work in it");
      line.connect(client);
      var crew = new Crew(line, ledger, session);
      crew.start(settings.callers());
      awaitWork("before the first kill");
      for (int i = 0; i < settings.workerKills(); i++) {
        killWorker(daemon);
      }
      for (int i = 0; i < settings.daemonKills(); i++) {
        daemon = killDaemon(daemon, client);
      }
      crew.finish();
      tell("the agents have finished; now everything that was acknowledged is asked for");
      return new DemoReport(
          Audit.of(ledger.all(), client, session), List.copyOf(kills), ledger.failures());
    } finally {
      daemon.end();
    }
  }

  private ScratchDaemon startDaemon(int port) throws IOException {
    long start = surroundings.nanoTime().getAsLong();
    ScratchDaemon daemon =
        ScratchDaemon.start(surroundings.up(), surroundings.scratch().resolve("data"), port);
    tell(
        "a daemon is up after "
            + millisSince(start)
            + " ms: "
            + daemon.url()
            + ", front "
            + daemon.frontPid()
            + ", worker "
            + daemon.workerPid());
    return daemon;
  }

  private static String openSession(McpClient client) throws IOException {
    JsonObject opened =
        client.call(
            "session_open",
            JsonObject.builder().put("name", "demo").put("operation_id", "demo-open").build());
    if (opened.get("session_id") instanceof JsonString(var id)) {
      return id;
    }
    throw new IOException("session_open gave no session_id");
  }

  private void killWorker(ScratchDaemon daemon) throws IOException, InterruptedException {
    long victim = daemon.workerPid();
    int inFlight = ledger.startPhase();
    daemon.killWorker();
    tell("");
    tell("kill -9 " + victim + "  (the worker, with " + inFlight + " calls in flight)");
    awaitWork("after the worker was killed");
    Ledger.Phase phase = ledger.endPhase(inFlight);
    tell(
        "    worker "
            + daemon.workerPid()
            + " goes on; longest silence "
            + phase.silenceMillis()
            + " ms; "
            + (phase.broken() == 0 ? "no call broke" : phase.broken() + " calls broke"));
    kills.add(new DemoReport.Kill("worker", phase));
  }

  private ScratchDaemon killDaemon(ScratchDaemon daemon, McpClient client)
      throws IOException, InterruptedException {
    long worker = daemon.workerPid();
    line.cut();
    int inFlight = ledger.startPhase();
    daemon.killBoth();
    tell("");
    tell(
        "kill -9 "
            + daemon.frontPid()
            + " "
            + worker
            + "  (front and worker at once, with "
            + inFlight
            + " calls in flight)");
    ScratchDaemon next = startDaemon(daemon.port());
    // The same client, with the same link: nobody shakes hands again.
    line.connect(client);
    awaitWork("after front and worker were killed");
    Ledger.Phase phase = ledger.endPhase(inFlight);
    tell(
        "    longest silence "
            + phase.silenceMillis()
            + " ms; "
            + phase.broken()
            + " calls broke and were repeated under their operation ids");
    kills.add(new DemoReport.Kill("front and worker", phase));
    return next;
  }

  private void awaitWork(String when) throws IOException, InterruptedException {
    if (!ledger.await(WORK_BETWEEN_KILLS, PATIENCE_MILLIS)) {
      throw new IOException(
          "the agents came to a standstill " + when + ": " + String.join("; ", ledger.failures()));
    }
  }

  private long millisSince(long start) {
    return (surroundings.nanoTime().getAsLong() - start) / 1_000_000;
  }

  private void tell(String sentence) {
    surroundings.tell().accept(sentence);
  }
}
