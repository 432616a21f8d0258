package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import picocli.CommandLine.Command;

@Command(
    name = "upstreams",
    description = "List the servers behind Planaria that are in use, and how each is doing.")
final class UpstreamsCommand extends Subcommand {

  UpstreamsCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() throws IOException {
    DaemonClient daemon = DaemonClient.require(dataDirectory());
    JsonArray upstreams =
        daemon.get("/api/v1/upstreams") instanceof JsonArray list ? list : JsonArray.EMPTY;
    answer(
        JsonObject.builder().put("upstreams", upstreams).build(),
        upstreams.items().isEmpty()
            ? "no server is in use; planaria wrap puts one behind Planaria"
            : TextTable.of(
                    Shown.objects(upstreams),
                    "session",
                    "id",
                    "status",
                    "era",
                    "transport",
                    "since",
                    "queued",
                    "consecutive_failures",
                    "reason")
                .toString());
    return ExitStatus.OK;
  }
}
