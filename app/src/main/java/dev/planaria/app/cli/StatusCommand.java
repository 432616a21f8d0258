package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;

@Command(
    name = "status",
    description = "Say whether a daemon is running, and how it is. Ends with 5 when none is.")
final class StatusCommand extends Subcommand {

  StatusCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() throws IOException {
    Path data = dataDirectory();
    Optional<DaemonClient> running = DaemonClient.find(data);
    if (running.isEmpty()) {
      boolean store = Files.exists(data.resolve("planaria.db"));
      answer(
          JsonObject.builder()
              .put("running", false)
              .put("data", data.toString())
              .put("store", store)
              .build(),
          "not running; "
              + data
              + (store ? " holds a store" : " holds no store yet")
              + "\nstart it with: planaria up");
      return ExitStatus.NOT_RUNNING;
    }
    DaemonClient daemon = running.get();
    JsonObject front = object(daemon.get("/api/v1/daemon"));
    boolean ready = Shown.text(front, "state").equals("ready");
    // A worker that is not ready would make the question wait until it is.
    JsonObject worker = ready ? object(daemon.get("/api/v1/status")) : JsonObject.EMPTY;
    JsonObject kpis = ready ? kpis(daemon) : JsonObject.EMPTY;
    answer(
        JsonObject.builder()
            .put("running", true)
            .put("ready", ready)
            .put("url", daemon.daemon().url())
            .put("data", data.toString())
            .put("daemon", front)
            .put("worker", worker)
            .put("kpis", kpis)
            .build(),
        text(daemon.daemon().url(), data, front, worker) + KpiText.day(kpis));
    return ExitStatus.OK;
  }

  private static String text(String url, Path data, JsonObject front, JsonObject worker) {
    String lines =
        "running   "
            + url
            + "\n"
            + "state     "
            + Shown.text(front, "state")
            + ": "
            + Shown.text(front, "reason")
            + "\n"
            + "front     process "
            + Shown.text(front, "frontPid")
            + "\n"
            + "worker    process "
            + Shown.text(front, "workerPid")
            + ", number "
            + Shown.text(front, "generation")
            + " of this daemon\n"
            + "data      "
            + data
            + "\n";
    JsonObject recovery = Shown.object(worker, "last_recovery");
    if (!worker.members().isEmpty()) {
      lines += "sessions  " + Shown.text(worker, "sessions") + "\n";
    }
    if (!recovery.members().isEmpty()) {
      lines +=
          "recovery  "
              + Shown.text(recovery, "sessions_recovered")
              + " sessions after "
              + Shown.text(recovery, "failure")
              + " at "
              + Shown.text(recovery, "detected_at")
              + ", took "
              + Shown.text(recovery, "total_time_ms")
              + " ms\n";
    }
    return lines;
  }

  /// A worker of before there were figures has none.
  private static JsonObject kpis(DaemonClient daemon) throws IOException {
    try {
      return Shown.object(object(daemon.get("/api/v1/kpis")), "windows");
    } catch (CommandFailure failure) {
      if (failure.status() == ExitStatus.NOT_FOUND) {
        return JsonObject.EMPTY;
      }
      throw failure;
    }
  }

  private static JsonObject object(JsonValue value) {
    return value instanceof JsonObject object ? object : JsonObject.EMPTY;
  }
}
