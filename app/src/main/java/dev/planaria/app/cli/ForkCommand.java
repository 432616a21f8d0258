package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "fork",
    description = {
      "Make a new session that begins with what another one is, or was at a",
      "checkpoint or after an operation. From then on neither concerns the other."
    })
final class ForkCommand extends Subcommand {

  @Parameters(paramLabel = "SESSION", description = "The session to copy, by name or id.")
  String session = "";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The new session's name; one is made up when it is left out.")
  @Nullable String name;

  @Option(names = "--seq", paramLabel = "N", description = "As it was after this operation.")
  @Nullable Long seq;

  @Option(names = "--checkpoint", paramLabel = "ID", description = "As it was at this checkpoint.")
  @Nullable String checkpoint;

  ForkCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() throws IOException {
    if (checkpoint != null && seq != null) {
      throw new CommandFailure(ExitStatus.USAGE, "name a checkpoint or an operation, not both");
    }
    JsonObject body =
        JsonObject.builder()
            .put("name", name)
            .put("checkpoint_id", checkpoint)
            .put("seq", seq == null ? null : JsonNumber.of(seq))
            .put("operation_id", newOperationId(environment))
            .build();
    try (SessionChanges changes = SessionChanges.of(dataDirectory(), environment)) {
      JsonObject fork = changes.change(session, "fork", body);
      answer(
          fork,
          "session "
              + Shown.text(fork, "name")
              + " ("
              + Shown.text(fork, "session_id")
              + ") begins with "
              + Shown.text(fork, "agents")
              + " agents, "
              + Shown.text(fork, "tasks")
              + " tasks and "
              + Shown.text(fork, "memory")
              + " memory entries of "
              + Shown.plain(session));
      return ExitStatus.OK;
    }
  }
}
