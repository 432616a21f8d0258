package dev.planaria.chaos.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The project in `examples/chaos`, built and run by Maven as a stranger would: it finds the bug in
/// its server. Nothing is installed and nothing fetched: Maven gets a local repository that is
/// thrown away, and two remote ones in files, this machine's own repository, and one with the
/// classes under test.
class ExampleProjectTest {

  private static final String VERSION = "0.1.0-SNAPSHOT";

  /// Ten seconds on a machine that does nothing else.
  private static final long MINUTES = 5;

  @TempDir Path scratch;

  @Test
  void the_example_finds_the_bug_and_passes_without_it() throws Exception {
    Path root = projectRoot();
    copy(root.resolve("examples/chaos"), scratch.resolve("project"));
    publish(root.resolve("pom.xml"), "planaria");
    pack(Json.class, publish(root.resolve("engine/pom.xml"), "planaria-engine"));
    pack(ChaosTest.class, publish(root.resolve("chaos/pom.xml"), "planaria-chaos"));
    Files.writeString(scratch.resolve("settings.xml"), settings());

    String said = maven();
    assertThat(said)
        .contains("Tests run: 6, Failures: 3, Errors: 0, Skipped: 0")
        .contains("NotesTest.notes_outlive_a_kill(Faults, Ledger)[1] cycle 1 of 3, seed ")
        .doesNotContain("NotesTest.notes_outlive_a_kill_of_the_mended_server(")
        .containsPattern(
            "chaos: NotesTest\\.notes_outlive_a_kill cycle 1 of 3, seed [0-9]+: kill met 1 time")
        .containsPattern("lost: note-[0-9]+ was acknowledged and is not there")
        .containsPattern(
            "again with -Dplanaria\\.chaos\\.seed=[0-9]+ -Dplanaria\\.chaos\\.cycles=1");
  }

  private static Path projectRoot() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.isRegularFile(directory.resolve("check"))) {
      directory = directory.resolve("..").normalize();
    }
    return directory;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path relative = from.relativize(file);
        // Somebody may have built it where it lies.
        if (!relative.startsWith("target")) {
          Files.createDirectories(to.resolve(relative).resolve("..").normalize());
          if (Files.isRegularFile(file)) {
            Files.copy(file, to.resolve(relative));
          }
        }
      }
    }
  }

  /// Puts a POM where Maven looks for it.
  ///
  /// @return where its jar belongs
  private Path publish(Path pom, String artifact) throws IOException {
    Path directory =
        Files.createDirectories(
            scratch.resolve("published/dev/planaria").resolve(artifact).resolve(VERSION));
    Files.copy(pom, directory.resolve(artifact + "-" + VERSION + ".pom"));
    return directory.resolve(artifact + "-" + VERSION + ".jar");
  }

  /// Packs the classes that this test runs with, wherever they came from.
  private static void pack(Class<?> member, Path jar) throws IOException, URISyntaxException {
    Path from = Path.of(member.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (Files.isRegularFile(from)) {
      Files.copy(from, jar);
      return;
    }
    try (OutputStream file = Files.newOutputStream(jar);
        var out = new JarOutputStream(file);
        Stream<Path> classes = Files.walk(from)) {
      for (Path each : classes.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(from.relativize(each).toString().replace('\\', '/')));
        Files.copy(each, out);
        out.closeEntry();
      }
    }
  }

  private String settings() {
    String machines =
        System.getProperty("localRepository", System.getProperty("user.home") + "/.m2/repository");
    String central = repository("central", Path.of(machines).toUri());
    String published = repository("published", scratch.resolve("published").toUri());
    return """
    <settings>
      <localRepository>%s</localRepository>
      <profiles>
        <profile>
          <id>files</id>
          <repositories>%s%s</repositories>
          <pluginRepositories>%s</pluginRepositories>
        </profile>
      </profiles>
      <activeProfiles><activeProfile>files</activeProfile></activeProfiles>
    </settings>
    """
        .formatted(
            scratch.resolve("repository"),
            central,
            published,
            central.replace("repository>", "pluginRepository>"));
  }

  private static String repository(String id, URI uri) {
    return """
    <repository>
      <id>%s</id>
      <url>%s</url>
      <releases><checksumPolicy>ignore</checksumPolicy></releases>
      <snapshots><enabled>true</enabled><checksumPolicy>ignore</checksumPolicy></snapshots>
    </repository>
    """
        .formatted(id, uri);
  }

  private String maven() throws IOException, InterruptedException {
    Path log = scratch.resolve("maven.log");
    var builder =
        new ProcessBuilder(
                List.of(
                    "mvn",
                    "--batch-mode",
                    "--no-transfer-progress",
                    "--settings",
                    scratch.resolve("settings.xml").toString(),
                    "test"))
            .directory(scratch.resolve("project").toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    // What surrounds this build must not steer that one.
    builder.environment().keySet().removeIf(name -> name.startsWith("MAVEN_"));
    Process maven = builder.start();
    boolean ended = maven.waitFor(MINUTES, TimeUnit.MINUTES);
    if (!ended) {
      maven.descendants().forEach(ProcessHandle::destroyForcibly);
      maven.destroyForcibly();
    }
    String said = Files.readString(log);
    assertThat(ended).as("ended within %s minutes: %s", MINUTES, said).isTrue();
    assertThat(maven.exitValue()).as(said).isEqualTo(1);
    return said;
  }
}
