package dev.planaria.app.front;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a worker is started.
///
/// @param java the `java` program
/// @param flags for the virtual machine
/// @param classPath as `-cp` takes it
/// @param mainClass what to run
/// @param arguments what its `main` gets beyond the ones the front adds
public record WorkerCommand(
    String java, List<String> flags, String classPath, String mainClass, List<String> arguments) {

  /// Copies the lists.
  public WorkerCommand {
    flags = List.copyOf(flags);
    arguments = List.copyOf(arguments);
  }

  /// A worker on the same Java and the same classes as this process.
  public static WorkerCommand ofThisProcess(
      String mainClass, List<String> flags, List<String> arguments) {
    return new WorkerCommand(
        System.getProperty("java.home") + "/bin/java",
        flags,
        System.getProperty("java.class.path"),
        mainClass,
        arguments);
  }

  /// The same without a cache of loaded classes: starts slower, and whatever the cache is like.
  public WorkerCommand withoutClassCache() {
    var others = flags.stream().filter(flag -> !flag.startsWith("-XX:AOTCache=")).toList();
    return new WorkerCommand(java, others, classPath, mainClass, arguments);
  }

  /// The same with more arguments.
  public WorkerCommand with(String... more) {
    var all = new ArrayList<>(arguments);
    all.addAll(List.of(more));
    return new WorkerCommand(java, flags, classPath, mainClass, all);
  }

  /// The whole command line.
  ///
  /// @param dataDirectory where the worker's state is
  /// @param socket where it shall listen
  /// @param crashJson what befell the one before it, or null
  public List<String> line(Path dataDirectory, Path socket, @Nullable String crashJson) {
    var line = new ArrayList<String>();
    line.add(java);
    line.addAll(flags);
    line.addAll(List.of("-cp", classPath, mainClass));
    line.addAll(List.of("--data", dataDirectory.toString(), "--socket", socket.toString()));
    if (crashJson != null) {
      line.addAll(List.of("--crash", crashJson));
    }
    line.addAll(arguments);
    return line;
  }
}
