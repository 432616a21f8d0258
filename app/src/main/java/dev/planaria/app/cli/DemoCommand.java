package dev.planaria.app.cli;

import dev.planaria.app.cli.scratch.Demo;
import dev.planaria.app.cli.scratch.DemoReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    description = {
      "Start a scratch daemon, let agents work on a session over MCP, kill the daemon with -9",
      "before your eyes, and count what survived. Touches nothing but a temporary directory.",
      "Ends with 4 when anything was lost, doubled or reordered."
    })
final class DemoCommand extends Subcommand {

  @Option(
      names = "--agents",
      paramLabel = "N",
      defaultValue = "8",
      description = "How many agents work at once (default: ${DEFAULT-VALUE}).")
  int agents = 8;

  @Option(
      names = "--kills",
      paramLabel = "N",
      defaultValue = "3",
      description = "How often the worker is killed (default: ${DEFAULT-VALUE}).")
  int kills = 3;

  @Option(
      names = "--daemon-kills",
      paramLabel = "N",
      defaultValue = "1",
      description = "How often front and worker are killed together (default: ${DEFAULT-VALUE}).")
  int daemonKills = 1;

  @Option(names = "--keep", description = "Keep the temporary directory, and say where it is.")
  boolean keep;

  DemoCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() throws IOException {
    checkBounds();
    Path scratch = Files.createTempDirectory("planaria-demo");
    try {
      DemoReport report = runIn(scratch);
      answer(report.json(), "\n" + report.text());
      return report.isGood() ? ExitStatus.OK : ExitStatus.DAMAGED;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitStatus.FAILED, "interrupted", interrupted);
    } finally {
      if (keep) {
        progress("kept: " + scratch);
      } else {
        delete(scratch);
      }
    }
  }

  private DemoReport runIn(Path scratch) throws IOException, InterruptedException {
    List<String> up = environment.installation().upCommand();
    return new Demo(
            new Demo.Settings(agents, kills, daemonKills),
            new Demo.Surroundings(up, scratch, environment.sources().nanoTime(), this::tell))
        .run();
  }

  /// The story is the answer; with `--json` the report is, and the story goes to stderr.
  private void tell(String sentence) {
    (common.json ? environment.err() : environment.out()).println(sentence);
  }

  private void checkBounds() {
    if (agents < 1 || agents > 100) {
      throw new CommandFailure(ExitStatus.USAGE, "--agents must be between 1 and 100");
    }
    if (kills < 0 || kills > 1_000 || daemonKills < 0 || daemonKills > 1_000) {
      throw new CommandFailure(
          ExitStatus.USAGE, "--kills and --daemon-kills must be between 0 and 1000");
    }
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> inside = Files.walk(directory)) {
      for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
