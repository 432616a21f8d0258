package dev.planaria.app.cli;

import dev.planaria.app.api.TransferDirectory;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "import",
    description = {
      "Take a session over from a file that export wrote, whole or not at all. It keeps",
      "its id, its receipts and its operation ids. With another name, its state is",
      "imported as a session of its own. Ends with 4 when the file is damaged."
    })
final class ImportCommand extends Subcommand {

  @Parameters(paramLabel = "FILE", description = "What planaria export has written.")
  Path file = Path.of("");

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Make a session of its own, with this name and the state in the file.")
  @Nullable String name;

  ImportCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(file.toString());
    }
    try (SessionChanges changes = SessionChanges.ofNew(dataDirectory(), environment)) {
      var handover = TransferDirectory.of(dataDirectory(), environment.sources());
      String handed = handover.newName();
      Path copy = handover.file(handed).orElseThrow();
      JsonObject imported;
      try {
        TransferDirectory.copy(file, copy);
        imported =
            changes.bring(
                JsonObject.builder()
                    .put("file", handed)
                    .put("name", name)
                    .put("operation_id", newOperationId(environment))
                    .build());
      } finally {
        Files.deleteIfExists(copy);
      }
      answer(imported, words(imported));
      return ExitStatus.OK;
    }
  }

  private static String words(JsonObject imported) {
    boolean copied = JsonBoolean.of(true).equals(imported.get("copied"));
    return "session "
        + Shown.text(imported, "name")
        + " ("
        + Shown.text(imported, "session_id")
        + ") is here, "
        + (copied
            ? "with the state in the file as its first operation"
            : "with "
                + Shown.text(imported, "operations")
                + " operations up to "
                + Shown.text(Shown.object(imported, "head"), "seq"));
  }
}
