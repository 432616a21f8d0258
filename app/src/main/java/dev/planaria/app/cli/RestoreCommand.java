package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "restore",
    description = {
      "Take a session back to what it was at a checkpoint or after an operation.",
      "What came later stays in the journal, so that a restore can be taken back",
      "itself. Tasks that were being worked on must be claimed again."
    })
final class RestoreCommand extends Subcommand {

  @Parameters(paramLabel = "SESSION", index = "0", description = "The session's name or id.")
  String session = "";

  @Parameters(
      paramLabel = "CHECKPOINT",
      index = "1",
      arity = "0..1",
      description = "The checkpoint; planaria checkpoints lists them.")
  @Nullable String checkpoint;

  @Option(
      names = "--seq",
      paramLabel = "N",
      description = "The operation, instead of a checkpoint; planaria journal lists them.")
  @Nullable Long seq;

  RestoreCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() throws IOException {
    if ((checkpoint == null) == (seq == null)) {
      throw new CommandFailure(
          ExitStatus.USAGE, "name either a checkpoint or an operation with --seq");
    }
    JsonObject body =
        JsonObject.builder()
            .put("checkpoint_id", checkpoint)
            .put("seq", seq == null ? null : JsonNumber.of(seq))
            .put("operation_id", newOperationId(environment))
            .build();
    try (SessionChanges changes = SessionChanges.of(dataDirectory(), environment)) {
      JsonObject restored = changes.change(session, "restore", body);
      answer(
          restored,
          "session "
              + Shown.plain(session)
              + " is again what it was after operation "
              + Shown.text(restored, "to_seq")
              + "; "
              + Shown.text(restored, "dropped")
              + (Shown.number(restored, "dropped") == 1 ? " operation was" : " operations were")
              + " taken back, by operation "
              + Shown.text(Shown.object(restored, "head"), "seq"));
      return ExitStatus.OK;
    }
  }
}
