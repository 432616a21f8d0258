package dev.planaria.app.gateway.upstreams;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What to start. It comes from the operator, never from a request: whoever says it runs code here.
///
/// @param argv the program and its arguments; no shell ever sees them
/// @param environment what the operator adds to the filtered environment; may hold secrets, and is
///   never shown
/// @param directory where it runs; null for where we run
public record StdioCommand(
    List<String> argv, Map<String, String> environment, @Nullable Path directory) {
  /// Copies.
  ///
  /// @throws IllegalArgumentException when there is no program
  public StdioCommand {
    argv = List.copyOf(argv);
    environment = Map.copyOf(environment);
    if (argv.isEmpty() || argv.getFirst().isEmpty()) {
      throw new IllegalArgumentException("a command needs a program");
    }
  }

  /// The program alone: arguments and environment may hold secrets.
  @Override
  public String toString() {
    return "StdioCommand[" + argv.getFirst() + "]";
  }
}
