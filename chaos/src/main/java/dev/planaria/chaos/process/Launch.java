package dev.planaria.chaos.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// How a scratch daemon is started: `planaria up` in the words of whoever knows where it lies.
///
/// @param command program and arguments, handed to no shell; [#DATA] and [#PORT] inside a word
///   stand for the data directory and for the port, 0 for any that is free
/// @param environment what is added to our own environment
/// @param data the data directory, of the experiment's own
public record Launch(List<String> command, Map<String, String> environment, Path data) {

  /// Stands for the data directory.
  public static final String DATA = "{data}";

  /// Stands for the port.
  public static final String PORT = "{port}";

  /// Copies what it is given.
  ///
  /// @throws IllegalArgumentException when the command does not say where the placeholders go
  public Launch {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    for (String placeholder : List.of(DATA, PORT)) {
      if (command.stream().noneMatch(word -> word.contains(placeholder))) {
        throw new IllegalArgumentException(
            "`command` must hold " + placeholder + ", or the daemon would not be a scratch one");
      }
    }
  }

  /// The words of the command.
  List<String> words(int port) {
    return command.stream()
        .map(word -> word.replace(DATA, data.toString()).replace(PORT, Integer.toString(port)))
        .toList();
  }
}
