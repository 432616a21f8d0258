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
/// @param wrap `planaria wrap` likewise, with [#DATA] and [#SESSION]; empty when nobody knows it
public record Launch(
    List<String> command, Map<String, String> environment, Path data, List<String> wrap) {

  /// Stands for the data directory.
  public static final String DATA = "{data}";

  /// Stands for the port.
  public static final String PORT = "{port}";

  /// Stands for the session's name.
  public static final String SESSION = "{session}";

  /// A launch of somebody who knows nothing of `planaria wrap`.
  public Launch(List<String> command, Map<String, String> environment, Path data) {
    this(command, environment, data, List.of());
  }

  /// Copies what it is given.
  ///
  /// @throws IllegalArgumentException when the command does not say where the placeholders go
  public Launch {
    command = List.copyOf(command);
    wrap = List.copyOf(wrap);
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

  /// The words of `planaria wrap` for that session.
  public List<String> wrapWords(String session) {
    return wrap.stream()
        .map(word -> word.replace(DATA, data.toString()).replace(SESSION, session))
        .toList();
  }
}
