package dev.planaria.app.gateway.upstreams;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;

/// A process that was started for a server, with everything that it starts in its turn.
///
/// @param process the process
/// @param tree what ends with it
/// @param start how its start was prepared
record Child(Process process, ProcessTree tree, Preparation.Prepared start) {
  /// Starts a command: argv as it is, no shell, our descriptors closed, a session of its own where
  /// the system has `setsid` (0.7 ms more, and it replaces itself by the program).
  ///
  /// @param ours our own environment, of which little is inherited
  /// @param preparation what is done before
  /// @throws ConnectFailed when it cannot be started; what was prepared is undone
  static Child start(StdioCommand command, Map<String, String> ours, Preparation preparation)
      throws ConnectFailed, InterruptedException {
    Map<String, String> environment = ChildEnvironment.of(ours, command.environment());
    Preparation.Prepared prepared = preparation.prepare(command, environment);
    boolean started = false;
    try {
      Child child = start(prepared, environment, String.valueOf(ours.get("PATH")));
      started = true;
      return child;
    } finally {
      if (!started) {
        prepared.after().run();
      }
    }
  }

  private static Child start(
      Preparation.Prepared prepared, Map<String, String> environment, String ourPath)
      throws ConnectFailed {
    StdioCommand command = prepared.command();
    Path program = program(command, environment);
    Optional<Path> setsid = ProgramPath.find("setsid", ourPath);
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
      return new Child(process, new ProcessTree(process.toHandle(), setsid.isPresent()), prepared);
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
      if (!ProgramPath.isProgram(path)) {
        throw new ConnectFailed(new Trouble.StartFailed(name + " is not an executable file"));
      }
      return path;
    }
    return ProgramPath.find(name, environment.getOrDefault("PATH", ""))
        .orElseThrow(() ->
            new ConnectFailed(
                new Trouble.StartFailed("there is no program " + name + " in its PATH")));
  }
}
