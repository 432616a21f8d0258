package dev.planaria.app.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// What `planaria doctor` asks of the machine and of this installation.
final class MachineChecks {

  private static final int JAVA_FEATURE = 25;

  private final CliEnvironment environment;

  MachineChecks(CliEnvironment environment) {
    this.environment = environment;
  }

  Check java() {
    String found = "Java " + Runtime.version() + " in " + System.getProperty("java.home");
    return Runtime.version().feature() == JAVA_FEATURE
        ? Check.ok("java", found)
        : Check.fail("java", found, "install JDK " + JAVA_FEATURE + " and point JAVA_HOME at it");
  }

  /// Maven is looked for, not run: it is needed to build, never to work.
  Check maven() {
    Optional<Path> found = onPath("mvn");
    return found
        .map(path -> Check.ok("maven", path.toString()))
        .orElseGet(() ->
            Check.warn(
                "maven",
                "no mvn on the PATH",
                "install Maven 3.8.7 or newer if you want to build from source"));
  }

  /// Native libraries and caches that were prepared when this was built.
  Check fastStart() {
    Installation installation = environment.installation();
    if (installation.home() == null) {
      return Check.warn(
          "fast start", "not started by the planaria script", "start the daemon with planaria up");
    }
    try {
      boolean libraries = installation.hasNativeLibraries();
      boolean caches =
          !installation.cacheFlags("worker").isEmpty()
              && !installation.cacheFlags("front").isEmpty();
      if (libraries && caches) {
        return Check.ok("fast start", "native libraries and caches are prepared");
      }
      String missing = libraries ? "caches" : caches ? "native libraries" : "libraries and caches";
      return Check.warn(
          "fast start",
          missing + " are not prepared, or damaged, so each start takes longer",
          "run planaria prepare " + installation.home());
    } catch (IOException failure) {
      return Check.warn(
          "fast start", "cannot be looked at: " + failure.getMessage(), "check permissions");
    }
  }

  private Optional<Path> onPath(String program) {
    String path = environment.variables().getOrDefault("PATH", "");
    return Arrays.stream(path.split(File.pathSeparator, -1))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
