package dev.planaria.app.cli;

import dev.planaria.app.daemon.DataDirectory;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/// One command. Subclasses declare options of their own and answer in [#run].
abstract class Subcommand implements Callable<Integer> {

  @Mixin final CommonOptions common = new CommonOptions();

  /// What the command takes from outside.
  final CliEnvironment environment;

  Subcommand(CliEnvironment environment) {
    this.environment = environment;
  }

  /// Does it.
  ///
  /// @throws CommandFailure when it cannot be done
  /// @throws IOException when a file or the daemon cannot be read or written
  abstract ExitStatus run() throws IOException;

  @Override
  public final Integer call() throws IOException {
    return run().code();
  }

  /// Where the data lie: what `--data` names, or the default. It need not exist.
  final Path dataDirectory() {
    return dataDirectory(common.data, environment);
  }

  /// As [#dataDirectory()], for those who have no parsed command.
  static Path dataDirectory(@Nullable Path named, CliEnvironment environment) {
    Path chosen =
        named == null
            ? DataDirectory.defaultPath(
                environment.variables().get("XDG_STATE_HOME"), environment.userHome().toString())
            : named;
    return chosen.toAbsolutePath().normalize();
  }

  /// An id under which the daemon does a thing once, whatever happens on the way.
  static String newOperationId(CliEnvironment environment) {
    return environment.sources().newId().get().toString();
  }

  /// Answers: the JSON with `--json`, else the text.
  final void answer(JsonObject json, String text) {
    environment.out().println(common.json ? Json.write(json) : text.stripTrailing());
  }

  /// Says on stderr what is being done; for anything that takes more than a second.
  final void progress(String sentence) {
    environment.err().println("planaria: " + sentence);
  }
}
