package dev.planaria.app.cli;

import dev.planaria.engine.session.EngineEnvironment;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/// What commands take from the outside world, handed in so that tests decide it.
///
/// @param out where answers go, and nothing else
/// @param err where progress and errors go
/// @param variables the process's environment
/// @param userHome the user's home directory
/// @param installation where this program lies
/// @param sources time, ids and randomness
public record CliEnvironment(
    PrintStream out,
    PrintStream err,
    Map<String, String> variables,
    Path userHome,
    Installation installation,
    EngineEnvironment sources) {

  /// Copies the variables.
  public CliEnvironment {
    variables = Map.copyOf(variables);
  }
}
