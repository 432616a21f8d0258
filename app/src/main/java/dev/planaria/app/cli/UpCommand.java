package dev.planaria.app.cli;

import dev.planaria.app.daemon.FrontOptions;
import dev.planaria.app.daemon.LogFormat;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "up",
    description = {
      "Start the daemon and stay in the foreground; Ctrl-C or SIGTERM ends it in order.",
      "Prints 'planaria ready URL' when it serves."
    })
final class UpCommand extends Subcommand {

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = FrontOptions.DEFAULT_HOST,
      description = "The address to listen on (default: ${DEFAULT-VALUE}).")
  String host = FrontOptions.DEFAULT_HOST;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "" + FrontOptions.DEFAULT_PORT,
      description = "The port to listen on; 0 takes any that is free (default: ${DEFAULT-VALUE}).")
  int port = FrontOptions.DEFAULT_PORT;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Servers behind Planaria, in the form of .mcp.json; read again when it changes.")
  @Nullable Path config;

  @Option(
      names = "--store",
      paramLabel = "STORE",
      description = "Where data are kept; this version knows 'sqlite' only, which is the default.")
  @Nullable String store;

  @Option(
      names = "--allow-remote",
      description = "Needed to listen on an address that is not this machine's own.")
  boolean allowRemote;

  @Option(
      names = "--replace",
      description =
          "Change the worker of the daemon that runs on this data directory for one of this build;"
              + " no client notices. Starts a daemon when none is running.")
  boolean replace;

  @Option(
      names = "--worker-heap",
      paramLabel = "MIB",
      defaultValue = "" + UpOptions.DEFAULT_WORKER_HEAP_MIB,
      description = "Memory for the worker's objects, in MiB (default: ${DEFAULT-VALUE}).")
  int workerHeapMib = UpOptions.DEFAULT_WORKER_HEAP_MIB;

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "What the lines of logs/worker.log look like: text or json (default: text).")
  String logFormat = LogFormat.TEXT.word();

  UpCommand(CliEnvironment environment) {
    super(environment);
  }

  /// What was asked for.
  UpOptions options() {
    return new UpOptions(
        common.data,
        host,
        port,
        config,
        store,
        allowRemote,
        replace,
        workerHeapMib,
        format(),
        common.json);
  }

  private LogFormat format() {
    try {
      return LogFormat.named(logFormat);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitStatus.USAGE, String.valueOf(e.getMessage()));
    }
  }

  @Override
  ExitStatus run() throws IOException {
    return Up.run(environment, options());
  }
}
