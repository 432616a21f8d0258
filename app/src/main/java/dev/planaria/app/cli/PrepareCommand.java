package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "prepare",
    hidden = true,
    description = {
      "Make starts fast: unpack native libraries and make caches of loaded classes.",
      "The planaria script does this after each build."
    })
final class PrepareCommand extends Subcommand {

  @Parameters(paramLabel = "HOME", description = "The directory that holds lib/.")
  Path home = Path.of("");

  PrepareCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() throws IOException {
    Path directory = home.toAbsolutePath().normalize();
    var prepared =
        new ArrayList<Path>(
            NativeLibraries.unpack(directory.resolve("lib"), directory.resolve("native")));
    prepared.addAll(makeCaches(directory));
    List<String> names = prepared.stream().map(Path::toString).toList();
    answer(
        JsonObject.builder().put("prepared", JsonArray.ofStrings(names)).build(),
        String.join("\n", names));
    return ExitStatus.OK;
  }

  private List<Path> makeCaches(Path directory) throws IOException {
    Path scratch = Files.createTempDirectory("planaria-prepare");
    try {
      return new FastStart(directory, scratch, environment).makeCaches();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitStatus.FAILED, "interrupted", interrupted);
    } finally {
      DemoCommand.delete(scratch);
    }
  }
}
