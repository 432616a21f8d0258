package dev.planaria.app.cli;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// How a command that did not work says so: a sentence on stderr, and with `--json` an object
/// `{"error": {"code", "message"}}` on stdout, and always a status that is not 0.
final class CommandErrors {

  private final CliEnvironment environment;

  CommandErrors(CliEnvironment environment) {
    this.environment = environment;
  }

  /// The command line was not understood.
  int misunderstood(ParameterException failure, String[] arguments) {
    String sentence = sentence(failure.getMessage());
    CommandLine command = failure.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    environment.err().println(name + ": " + sentence);
    UnmatchedArgumentException.printSuggestions(failure, command.getErr());
    environment.err().println("try '" + name + " --help'");
    json(List.of(arguments).contains("--json"), ExitStatus.USAGE, sentence);
    return ExitStatus.USAGE.code();
  }

  /// A command threw.
  int failed(Exception failure, CommandLine command, ParseResult parsed) {
    return failed(failure, parsed.expandedArgs().contains("--json"));
  }

  /// A command threw.
  ///
  /// @param json whether the answer was to be JSON
  int failed(Exception failure, boolean json) {
    ExitStatus status = failure instanceof CommandFailure told ? told.status() : ExitStatus.FAILED;
    String sentence =
        switch (failure) {
          case CommandFailure told -> sentence(told.getMessage());
          case IOException io -> describe(io);
          default -> "this should not have happened: " + failure;
        };
    environment.err().println("planaria: " + sentence);
    if (!(failure instanceof CommandFailure || failure instanceof IOException)) {
      // A defect: whoever reports it needs the place.
      failure.printStackTrace(environment.err());
    }
    json(json, status, sentence);
    return status.code();
  }

  private void json(boolean asked, ExitStatus status, String sentence) {
    if (asked) {
      var error = JsonObject.builder().put("code", status.name()).put("message", sentence).build();
      environment.out().println(Json.write(JsonObject.builder().put("error", error).build()));
    }
  }

  /// An I/O exception's own message is often only a file name.
  private static String describe(IOException failure) {
    return switch (failure) {
      case java.nio.file.NoSuchFileException missing -> "there is no " + missing.getFile();
      case java.nio.file.AccessDeniedException denied -> "no permission for " + denied.getFile();
      case java.nio.file.FileSystemException file ->
          file.getFile() + ": " + (file.getReason() == null ? "I/O error" : file.getReason());
      default -> sentence(failure.getMessage());
    };
  }

  private static String sentence(@org.jspecify.annotations.Nullable String message) {
    return message == null || message.isBlank() ? "I/O error without a message" : message;
  }
}
