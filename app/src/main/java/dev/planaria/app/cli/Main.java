package dev.planaria.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.planaria.app.daemon.RealEnvironment;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where `planaria` enters Java.
public final class Main {

  private Main() {}

  /// Runs one command and ends the process with its exit status.
  public static void main(String[] arguments) {
    var environment =
        new CliEnvironment(
            // JSON is UTF-8, whatever the terminal's locale says.
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8),
            new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8),
            System.getenv(),
            Path.of(System.getProperty("user.home", "")),
            Installation.ofThisProcess(),
            RealEnvironment.engine());
    System.exit(run(environment, List.of(arguments)));
  }

  /// Runs one command.
  ///
  /// @return the exit status
  static int run(CliEnvironment environment, List<String> arguments) {
    if (!arguments.isEmpty() && arguments.getFirst().equals("up")) {
      Optional<Integer> status = runUpWithoutParser(environment, arguments);
      if (status.isPresent()) {
        return status.get();
      }
    }
    return CommandTable.parserFor(environment, arguments).execute(arguments.toArray(String[]::new));
  }

  /// Starting the daemon is recovery time, and loading the parser costs more than the daemon itself
  /// needs before it starts its worker.
  private static Optional<Integer> runUpWithoutParser(
      CliEnvironment environment, List<String> arguments) {
    var errors = new CommandErrors(environment);
    boolean json = arguments.contains("--json");
    try {
      Optional<UpOptions> options = UpOptions.readPlain(arguments.subList(1, arguments.size()));
      return options.isEmpty()
          ? Optional.empty()
          : Optional.of(Up.run(environment, options.get()).code());
    } catch (IOException | RuntimeException failure) {
      return Optional.of(errors.failed(failure, json));
    }
  }
}
