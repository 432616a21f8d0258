package dev.planaria.app.clients.processes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// A program that tests need and Debian has. In CI it is installed when it is not there; elsewhere,
/// or where it cannot be had, the tests that need it are skipped, with the reason.
///
/// @param name the program
/// @param debianPackage holds it
public record DebianProgram(String name, String debianPackage) {
  private static final Duration INSTALLING = Duration.ofMinutes(2);

  /// The program's path.
  ///
  /// @param scratch takes what an installation says
  public Path ready(Path scratch) throws IOException, InterruptedException {
    Optional<Path> found = onPath();
    if (found.isEmpty() && System.getenv("CI") != null) {
      install(scratch);
      found = onPath();
    }
    String reason = "SKIPPED: there is no " + name + " on the PATH";
    if (found.isEmpty()) {
      System.out.println(reason);
    }
    Assumptions.assumeTrue(found.isPresent(), reason);
    return found.orElseThrow();
  }

  private Optional<Path> onPath() {
    return Stream.of(Objects.requireNonNullElse(System.getenv("PATH"), "").split(":", -1))
        .map(place -> Path.of(place, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private void install(Path scratch) throws IOException, InterruptedException {
    boolean debian =
        Stream.of("/usr/bin/apt-get", "/etc/debian_version").map(Path::of).allMatch(Files::exists);
    if (!debian) {
      return;
    }
    Path log = scratch.resolve("apt.log");
    for (List<String> words :
        List.of(
            List.of("apt-get", "update"),
            List.of("apt-get", "install", "-y", "--no-install-recommends", debianPackage))) {
      try (Child apt =
          Child.start(words, Map.of("DEBIAN_FRONTEND", "noninteractive"), log, _ -> {}, _ -> {})) {
        if (apt.await(INSTALLING) != 0) {
          System.out.println(String.join(" ", words) + " failed" + apt.errors());
          return;
        }
      }
    }
  }
}
