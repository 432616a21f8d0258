package dev.planaria.app.cli;

import dev.planaria.app.api.TransferDirectory;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "export",
    description = {
      "Write a session into one file, with all of its journal that is there. The",
      "session goes on meanwhile. Whoever has the file can read everything in it."
    })
final class ExportCommand extends Subcommand {

  @Parameters(paramLabel = "SESSION", index = "0", description = "The session's name or id.")
  String session = "";

  @Parameters(
      paramLabel = "FILE",
      index = "1",
      arity = "0..1",
      description = "Where to; SESSION.planaria when it is left out. Never overwritten.")
  @Nullable Path file;

  ExportCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() throws IOException {
    Path target = target();
    if (Files.exists(target)) {
      throw new CommandFailure(
          ExitStatus.FAILED, target + " is there already; choose another name");
    }
    var handover = TransferDirectory.of(dataDirectory(), environment.sources());
    try (SessionChanges changes = SessionChanges.of(dataDirectory(), environment)) {
      JsonObject exported = changes.change(session, "export", JsonObject.EMPTY);
      Path written =
          handover
              .file(Shown.text(exported, "file"))
              .orElseThrow(() ->
                  new CommandFailure(ExitStatus.FAILED, "the daemon named no file of its own"));
      try {
        bring(written, target);
      } finally {
        Files.deleteIfExists(written);
      }
      answer(withFile(exported, target), words(exported, target));
      return ExitStatus.OK;
    }
  }

  /// The copy gets its name when it is whole.
  private void bring(Path written, Path target) throws IOException {
    Path temporary =
        target.resolveSibling(target.getFileName() + "." + newOperationId(environment));
    try {
      TransferDirectory.copy(written, temporary);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /// A session's name is anything; only what is harmless of it becomes a file's.
  private Path target() {
    Path named = file;
    if (named != null) {
      return named.toAbsolutePath().normalize();
    }
    String harmless = session.replaceAll("[^A-Za-z0-9_-]", "_");
    return Path.of(harmless + ".planaria").toAbsolutePath().normalize();
  }

  private static JsonObject withFile(JsonObject exported, Path target) {
    var object = JsonObject.builder();
    exported
        .members()
        .forEach((name, value) -> {
          if (!name.equals("file")) {
            object.put(name, value);
          }
        });
    return object.put("file", target.toString()).build();
  }

  private static String words(JsonObject exported, Path target) {
    long start = Shown.number(exported, "start_seq");
    return "session "
        + Shown.text(exported, "name")
        + " is in "
        + target
        + ": "
        + Shown.text(exported, "operations")
        + " operations up to "
        + Shown.text(Shown.object(exported, "head"), "seq")
        + ", "
        + Shown.text(exported, "bytes")
        + " bytes"
        + (start == 0 ? "" : "; it begins with the state at operation " + start);
  }
}
