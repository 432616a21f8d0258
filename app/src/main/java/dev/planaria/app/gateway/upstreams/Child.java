package dev.planaria.app.gateway.upstreams;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/// A process that was started for a server, with everything that it starts in its turn.
///
/// @param process the process
/// @param tree what ends with it
record Child(Process process, ProcessTree tree) {
  /// Starts a command: argv as it is, no shell, our descriptors closed, a session of its own where
  /// the system has `setsid` (0.7 ms more, and it replaces itself by the program).
  ///
  /// @param ours our own environment, of which little is inherited
  /// @throws ConnectFailed when it cannot be started
  static Child start(StdioCommand command, Map<String, String> ours) throws ConnectFailed {
    Map<String, String> environment = ChildEnvironment.of(ours, command.environment());
    Path program = program(command, environment);
    Optional<Path> setsid = find("setsid", String.valueOf(ours.get("PATH")));
    var argv = new ArrayList<String>();
    setsid.ifPresent(path -> argv.add(path.toString()));
    argv.add(program.toString());
    argv.addAll(command.argv().subList(1, command.argv().size()));
    var builder = new ProcessBuilder(argv);
    builder.environment().clear();
    builder.environment().putAll(environment);
    if (command.directory() != null) {
      builder.directory(command.directory().toFile());
    }
    try {
      Process process = builder.start();
      return new Child(process, new ProcessTree(process.toHandle(), setsid.isPresent()));
    } catch (IOException | IllegalArgumentException | NullPointerException e) {
      throw new ConnectFailed(new Trouble.StartFailed(String.valueOf(e.getMessage())));
    }
  }

  /// Finds the program before anything is started, so that a wrong name is said in words.
  private static Path program(StdioCommand command, Map<String, String> environment)
      throws ConnectFailed {
    Path directory = command.directory();
    if (directory != null && !Files.isDirectory(directory)) {
      throw new ConnectFailed(new Trouble.StartFailed("there is no directory " + directory));
    }
    String name = command.argv().getFirst();
    if (name.indexOf('/') >= 0) {
      Path path = directory == null ? Path.of(name) : directory.resolve(name);
      if (!isProgram(path)) {
        throw new ConnectFailed(new Trouble.StartFailed(name + " is not an executable file"));
      }
      return path;
    }
    return find(name, environment.getOrDefault("PATH", ""))
        .orElseThrow(() ->
            new ConnectFailed(
                new Trouble.StartFailed("there is no program " + name + " in its PATH")));
  }

  private static Optional<Path> find(String name, String path) {
    return Arrays.stream(path.split(":", -1))
        .filter(directory -> directory.startsWith("/"))
        .map(directory -> Path.of(directory, name))
        .filter(Child::isProgram)
        .findFirst();
  }

  private static boolean isProgram(Path path) {
    return Files.isRegularFile(path) && Files.isExecutable(path);
  }
}
