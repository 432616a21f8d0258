package dev.planaria.chaos.system;

import dev.planaria.chaos.fault.NotPossibleHere;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A program of the operating system that a fault is done with.
///
/// @param name its name, as it is found in `PATH`
/// @param debianPackage which package of Debian and Ubuntu has it
public record Program(String name, String debianPackage) {

  /// Traces a running process, and makes its system calls fail or take longer.
  public static final Program STRACE = new Program("strace", "strace");

  /// Sets the resource limits of a running process.
  public static final Program PRLIMIT = new Program("prlimit", "util-linux");

  /// Gives a process a wall clock of its own.
  public static final Program FAKETIME = new Program("faketime", "faketime");

  /// Refuses when it is not installed.
  ///
  /// @throws NotPossibleHere with the name of the package
  public void require() throws NotPossibleHere {
    require(System.getenv().getOrDefault("PATH", ""));
  }

  /// The same for another `PATH`.
  void require(String path) throws NotPossibleHere {
    boolean found =
        List.of(path.split(File.pathSeparator)).stream()
            .filter(directory -> !directory.isEmpty())
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
    if (!found) {
      throw new NotPossibleHere(
          "the program "
              + name
              + " is missing; install the package "
              + debianPackage
              + " (apt-get install "
              + debianPackage
              + ")");
    }
  }
}
