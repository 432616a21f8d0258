package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "checkpoints", description = "List a session's checkpoints, newest first.")
final class CheckpointsCommand extends Subcommand {

  @Parameters(paramLabel = "SESSION", description = "The session's name or id.")
  String session = "";

  CheckpointsCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() throws IOException {
    try (SessionSource source = SessionSource.of(dataDirectory(), environment)) {
      JsonArray checkpoints = source.checkpoints(session);
      answer(
          JsonObject.builder().put("checkpoints", checkpoints).build(),
          checkpoints.items().isEmpty()
              ? "no checkpoints yet"
              : TextTable.of(
                      Shown.objects(checkpoints),
                      "seq",
                      "kind",
                      "created_at",
                      "bytes",
                      "verified",
                      "label",
                      "checkpoint_id")
                  .toString());
      return ExitStatus.OK;
    }
  }
}
