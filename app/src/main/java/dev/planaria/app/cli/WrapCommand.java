package dev.planaria.app.cli;

import dev.planaria.app.shim.ShimGuarantees;
import dev.planaria.app.shim.ShimSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// For `--help` and completion. The launcher starts [WrapMain] itself, which needs no parser.
@Command(
    name = "wrap",
    description = {
      "Stand between an MCP client and an MCP server: put it in front of the server's command in"
          + " the client's configuration.",
      "The server then runs under the daemon, which outlives the client, the server and itself;"
          + " without a server, the client gets the session tools.",
      "Starts a daemon when none is running. Writes nothing but MCP to stdout."
    },
    customSynopsis = {
      "Usage: planaria wrap [--session=NAME] [--server=NAME] [--data=DIR] [--profile=NAME|FILE]"
          + " -- COMMAND [ARG...]",
      "       planaria wrap [--session=NAME] [--server=NAME] [--data=DIR] [--profile=FILE]"
          + " [--header-env=HEADER=VARIABLE]... URL",
      "       planaria wrap [--session=NAME] [--data=DIR]"
    })
final class WrapCommand implements Callable<Integer> {

  @Option(
      names = "--session",
      paramLabel = "NAME",
      description = "The session (default: named after the directory).")
  @Nullable String session;

  @Option(
      names = "--server",
      paramLabel = "NAME",
      description = "The server's name (default: named after its command or host).")
  @Nullable String server;

  @Option(
      names = "--profile",
      paramLabel = "NAME|FILE",
      description =
          "Build the server's state up again after its death, by making the calls again that had"
              + " built it up; whatever they did is done again. Built in: ruv-swarm, of which"
              + " swarm_init, agent_spawn and task_orchestrate are made again: every task that was"
              + " orchestrated runs again. A FILE (with a / or .json in its name) holds the member"
              + " planaria of a server's entry, as planaria profile proposes it.")
  @Nullable String profile;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where the daemon's data lie (default: $XDG_STATE_HOME/planaria).")
  @Nullable String data;

  @Option(
      names = "--header-env",
      paramLabel = "HEADER=VARIABLE",
      description = "Send this header, whose value is in that variable, with each request to URL.")
  List<String> headers = List.of();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and end.")
  boolean help;

  @Parameters(paramLabel = "COMMAND|URL", description = "What to wrap.")
  List<String> wrapped = List.of();

  @Override
  public Integer call() {
    List<String> words = new ArrayList<>();
    add(words, "--session", session);
    add(words, "--server", server);
    add(words, "--profile", profile);
    add(words, "--data", data);
    headers.forEach(header -> add(words, "--header-env", header));
    boolean url = wrapped.size() == 1 && wrapped.getFirst().matches("(?i)https?://.*");
    if (!wrapped.isEmpty() && !url) {
      words.add("--");
    }
    words.addAll(wrapped);
    return WrapMain.run(words, ShimSettings.DEFAULT, ShimGuarantees.ALL);
  }

  private static void add(List<String> words, String name, @Nullable String value) {
    if (value != null) {
      words.add(name + "=" + value);
    }
  }
}
