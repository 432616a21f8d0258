package dev.planaria.app.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What every command understands.
final class CommonOptions {

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "The data directory (default: $XDG_STATE_HOME/planaria or ~/.local/state/planaria).")
  @Nullable Path data;

  @Option(names = "--json", description = "Answer in JSON, for programs.")
  boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and end.")
  boolean help;
}
