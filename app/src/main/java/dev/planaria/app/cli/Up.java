package dev.planaria.app.cli;

import dev.planaria.app.daemon.FrontMain;
import dev.planaria.app.daemon.FrontOptions;
import dev.planaria.app.front.FrontSettings;
import dev.planaria.app.front.WorkerCommand;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Does what `planaria up` was asked for.
final class Up {

  private Up() {}

  /// Runs a daemon to its end, or changes the worker of one that runs.
  static ExitStatus run(CliEnvironment environment, UpOptions options) throws IOException {
    Path data = Subcommand.dataDirectory(options.data(), environment);
    WorkerCommand plain =
        environment
            .installation()
            .workerCommand(options.workerHeapMib(), options.host(), data)
            .with("--log-format", options.logFormat().word());
    Path config = options.config();
    WorkerCommand worker =
        config == null ? plain : plain.with("--config", config.toAbsolutePath().toString());
    if (options.replace()) {
      Optional<DaemonClient> running = DaemonClient.find(data);
      if (running.isPresent()) {
        return replace(environment, options, running.get(), worker);
      }
    }
    int status =
        FrontMain.run(
            new FrontOptions(
                data,
                options.port(),
                options.host(),
                options.allowRemote(),
                worker,
                FrontSettings.DEFAULT,
                options.json() ? Up::readyJson : FrontOptions::readyLine));
    return switch (status) {
      case FrontMain.OK -> ExitStatus.OK;
      case FrontMain.IN_USE -> ExitStatus.IN_USE;
      default -> ExitStatus.FAILED;
    };
  }

  private static ExitStatus replace(
      CliEnvironment environment, UpOptions options, DaemonClient daemon, WorkerCommand worker)
      throws IOException {
    environment.err().println("planaria: changing the worker of " + daemon.daemon().url());
    JsonValue said =
        daemon.post(
            "/api/v1/daemon/replace",
            JsonObject.builder()
                .put("java", worker.java())
                .put("classPath", worker.classPath())
                .put("flags", JsonArray.ofStrings(worker.flags()))
                .build());
    environment
        .out()
        .println(options.json() ? Json.write(said) : FrontOptions.readyLine(daemon.daemon().url()));
    return ExitStatus.OK;
  }

  private static String readyJson(String url) {
    return Json.write(JsonObject.builder().put("ready", true).put("url", url).build());
  }
}
