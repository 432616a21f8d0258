package dev.planaria.app.gateway.upstreams;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// Where programs are. Thread-safe.
public final class ProgramPath {
  private ProgramPath() {}

  /// The program of that name in the first directory of a PATH that has it; directories that are
  /// relative are passed over.
  public static Optional<Path> find(String name, String path) {
    return Arrays.stream(path.split(":", -1))
        .filter(directory -> directory.startsWith("/"))
        .map(directory -> Path.of(directory, name))
        .filter(ProgramPath::isProgram)
        .findFirst();
  }

  /// True when it can be run.
  public static boolean isProgram(Path path) {
    return Files.isRegularFile(path) && Files.isExecutable(path);
  }
}
