package dev.planaria.app.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `planaria` and `check`, run for real in a small source tree whose path has a space, with a
/// `java` and an `mvn` that only say what they were asked.
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {

  private static final long DEADLINE_SECONDS = 60;

  private static final String CKSUM_OF_NOTHING = "4294967295 0\n";

  /// Says its arguments, one in a line; `java -version` is never needed.
  private static final String JAVA =
      """
      #!/bin/sh
      own=${0%/bin/java}
      printf 'java: %s\\n' "of ${own##*/}" "$@"
      """;

  /// Answers for its version, and makes one jar where the real build makes many.
  private static final String MAVEN =
      """
      #!/bin/sh
      case "$*" in
        *--version*) echo "Apache Maven $FAKE_MAVEN_VERSION"; exit 0 ;;
        *verify*) echo "mvn: $*"; echo "home: $JAVA_HOME"; exit 0 ;;
      esac
      echo "a line of the log"
      [ -z "${FAKE_MAVEN_FAILS-}" ] || { echo "the compiler was not amused"; exit 1; }
      echo build >>"$FAKE_BUILDS"
      mkdir -p app/target/run/planaria/lib
      echo jar >app/target/run/planaria/lib/planaria-app.jar
      """;

  @TempDir Path temporary;

  private Path home;
  private Path jdk;
  private Path tools;
  private Path builds;

  @BeforeEach
  void make_a_source_tree() throws IOException {
    home = Files.createDirectories(temporary.resolve("a source tree"));
    jdk = makeJdk("jdk 25", "25.0.3");
    tools = Files.createDirectories(temporary.resolve("tools"));
    builds = temporary.resolve("builds");
    executable(tools.resolve("mvn"), MAVEN);
    Path project = SourceFile.projectRoot();
    for (String file :
        List.of(
            "planaria",
            "check",
            "launcher/find-java.sh",
            "launcher/find-maven.sh",
            "launcher/install-test-tools.sh",
            "launcher/build.sh")) {
      Path copy = home.resolve(file);
      Files.createDirectories(copy.getParent());
      Files.copy(project.resolve(file), copy);
    }
    for (String directory :
        List.of(".mvn", ".git", "engine/src/main", "chaos/src/main", "app/src/main")) {
      Files.createDirectories(home.resolve(directory));
    }
    for (String file :
        List.of(
            "pom.xml", "engine/pom.xml", "chaos/pom.xml", "app/pom.xml", "app/src/main/A.java")) {
      Files.writeString(home.resolve(file), "");
    }
    makeOld();
  }

  @Test
  void the_first_use_builds_with_one_line_of_progress_and_later_uses_do_not() throws Exception {
    var first = run(home.resolve("planaria"), "version");
    assertThat(first.status).isZero();
    assertThat(first.errors.lines())
        .singleElement()
        .asString()
        .contains("building for the first time");
    assertThat(first.output.lines()).contains("java: dev.planaria.app.cli.Main", "java: version");

    var second = run(home.resolve("planaria"), "version");
    assertThat(second.errors).isEmpty();
    assertThat(builds).hasContent("build");
  }

  @Test
  void arguments_arrive_as_they_were_given() throws Exception {
    var run = run(home.resolve("planaria"), "inspect", "two words", "", "*", "$HOME");
    assertThat(run.output.lines())
        .endsWith("java: inspect", "java: two words", "java: ", "java: *", "java: $HOME");
  }

  @Test
  void it_works_through_relative_and_absolute_links_from_any_directory() throws Exception {
    Path bin = Files.createDirectories(temporary.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("direct"), home.resolve("planaria"));
    Files.createSymbolicLink(bin.resolve("again"), Path.of("direct"));
    Files.createSymbolicLink(bin.resolve("up"), Path.of("../a source tree/planaria"));
    for (String link : List.of("direct", "again", "up")) {
      var run = run(bin.resolve(link), "version");
      assertThat(run.output).contains("-Dplanaria.launcher=" + home.toRealPath() + "/planaria");
    }
  }

  @Test
  void it_works_under_every_posix_shell_that_is_here() throws Exception {
    var tried = new ArrayList<String>();
    for (String shell : List.of("sh", "dash", "bash --posix", "busybox sh", "zsh --emulate sh")) {
      List<String> words = List.of(shell.split(" "));
      if (run(List.of("/bin/sh", "-c", "command -v " + words.getFirst()), Map.of()).status == 0) {
        var command = new ArrayList<>(words);
        command.addAll(List.of(home.resolve("planaria").toString(), "version"));
        assertThat(run(command, Map.of()).output).as(shell).contains("java: version");
        tried.add(shell);
      }
    }
    assertThat(tried).contains("sh");
  }

  @Test
  void changed_added_and_removed_sources_are_built_again() throws Exception {
    run(home.resolve("planaria"), "version");
    Path source = home.resolve("app/src/main/A.java");
    touch(source);
    assertThat(run(home.resolve("planaria"), "version").errors).contains("sources have changed");
    makeOld();
    assertThat(run(home.resolve("planaria"), "version").errors).isEmpty();
    Files.delete(source);
    touch(home.resolve("app/src/main"));
    assertThat(run(home.resolve("planaria"), "version").errors).contains("sources have changed");
    assertThat(Files.readAllLines(builds)).hasSize(3);
  }

  @Test
  void a_build_that_fails_shows_the_end_of_its_log_and_leaves_nothing_half_done() throws Exception {
    var failed = run(home.resolve("planaria"), Map.of("FAKE_MAVEN_FAILS", "yes"), "version");
    assertThat(failed.status).isEqualTo(1);
    assertThat(failed.output).isEmpty();
    assertThat(failed.errors).contains("the build failed").contains("the compiler was not amused");
    var next = run(home.resolve("planaria"), "version");
    assertThat(next.status).isZero();
    assertThat(next.errors).contains("building for the first time");
  }

  @Test
  void the_lock_of_a_build_that_died_is_taken_over() throws Exception {
    Path lock = Files.createDirectories(home.resolve(".builds/building"));
    var gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Files.writeString(lock.resolve("pid"), gone.pid() + "\n");
    assertThat(run(home.resolve("planaria"), "version").status).isZero();
    assertThat(lock).doesNotExist();
  }

  @Test
  void two_first_uses_at_once_build_once() throws Exception {
    var commands = List.of(home.resolve("planaria").toString(), "version");
    Process one = start(commands, Map.of());
    Process two = start(commands, Map.of());
    assertThat(finish(one).status).isZero();
    assertThat(finish(two).status).isZero();
    assertThat(builds).hasContent("build");
  }

  @Test
  void wrap_never_builds() throws Exception {
    var run = run(home.resolve("planaria"), "wrap", "--", "server");
    assertThat(run.status).isEqualTo(1);
    assertThat(run.output).isEmpty();
    assertThat(run.errors).contains("not built yet").contains("planaria version");
    run(home.resolve("planaria"), "version");
    touch(home.resolve("app/src/main/A.java"));
    var wrap = run(home.resolve("planaria"), "wrap", "--", "server", "--help");
    assertThat(wrap.errors).isEmpty();
    assertThat(wrap.output.lines())
        .contains("java: -Xmx96m")
        .endsWith(
            "java: dev.planaria.app.cli.WrapMain", "java: --", "java: server", "java: --help");
    assertThat(run(home.resolve("planaria"), "wrap", "--help").output.lines())
        .endsWith("java: dev.planaria.app.cli.Main", "java: wrap", "java: --help");
    assertThat(builds).hasContent("build");
  }

  @Test
  void a_packaged_tree_never_builds() throws Exception {
    Files.createDirectories(home.resolve("lib"));
    Files.writeString(home.resolve("lib/planaria-app.jar"), "jar");
    var run = run(home.resolve("planaria"), "version");
    assertThat(run.errors).isEmpty();
    assertThat(run.output).contains("java: " + home.toRealPath() + "/lib/planaria-app.jar");
    assertThat(builds).doesNotExist();
  }

  @Test
  void caches_and_unpacked_libraries_are_used_when_they_are_there() throws Exception {
    Files.createDirectories(home.resolve("lib"));
    for (String file :
        List.of(
            "lib/a.jar",
            "aot/front.aot",
            "aot/cli.aot",
            "native/libsqlitejdbc.so",
            "native/libzstd-jni-1.so")) {
      Files.createDirectories(home.resolve(file).getParent());
      Files.writeString(home.resolve(file), "");
    }
    for (String role : List.of("front", "cli")) {
      Files.writeString(home.resolve("aot/" + role + ".aot.cksum"), CKSUM_OF_NOTHING);
    }
    Path real = home.toRealPath();
    assertThat(run(home.resolve("planaria"), "up").output.lines())
        .contains(
            "java: -Xmx160m",
            "java: -XX:AOTCache=" + real + "/aot/front.aot",
            "java: -Dorg.sqlite.lib.path=" + real + "/native",
            "java: -Dorg.sqlite.lib.name=libsqlitejdbc.so",
            "java: -DZstdNativePath=" + real + "/native/libzstd-jni-1.so");
    assertThat(run(home.resolve("planaria"), "status").output.lines())
        .contains("java: -XX:AOTCache=" + real + "/aot/cli.aot")
        .doesNotContain("java: -Xmx160m");
    Files.writeString(home.resolve("aot/front.aot"), "damaged");
    assertThat(run(home.resolve("planaria"), "up").output)
        .contains("java: -Xmx160m")
        .doesNotContain("AOTCache");
  }

  @Test
  void experiments_alone_are_compiled_by_both_compilers() throws Exception {
    Files.createDirectories(home.resolve("lib"));
    Files.writeString(home.resolve("lib/a.jar"), "jar");
    String first = "java: -XX:TieredStopAtLevel=1";
    assertThat(run(home.resolve("planaria"), "chaos", "run").output.lines()).doesNotContain(first);
    assertThat(run(home.resolve("planaria"), "chaos", "list").output.lines()).contains(first);
    assertThat(run(home.resolve("planaria"), "up").output.lines()).contains(first);
  }

  @Test
  void the_java_that_made_the_build_is_used_again() throws Exception {
    run(home.resolve("planaria"), "version");
    Path other = makeJdk("another jdk 25", "25.0.4");
    var elsewhere = Map.of("JAVA_HOME", "", "PATH", other.resolve("bin") + ":" + path());
    assertThat(run(home.resolve("planaria"), elsewhere, "version").output)
        .startsWith("java: of jdk 25\n");
    var named = Map.of("JAVA_HOME", other.toString());
    assertThat(run(home.resolve("planaria"), named, "version").output)
        .startsWith("java: of another jdk 25\n");
  }

  @Test
  void a_java_home_of_another_version_is_passed_over() throws Exception {
    Path old = makeJdk("jdk 17", "17.0.15");
    var environment =
        Map.of("JAVA_HOME", old.toString(), "PATH", jdk.resolve("bin") + ":" + path());
    var run = run(home.resolve("check"), environment);
    assertThat(run.output).contains("mvn: --batch-mode --no-transfer-progress verify");
    assertThat(run.output).doesNotContain("home: " + old);
  }

  @Test
  void an_old_maven_is_refused_in_one_sentence() throws Exception {
    var run = run(home.resolve("check"), Map.of("FAKE_MAVEN_VERSION", "3.6.3"));
    assertThat(run.status).isEqualTo(1);
    assertThat(run.errors.lines())
        .singleElement()
        .asString()
        .contains("Maven 3.8.7 or newer is needed")
        .contains("3.6.3");
    assertThat(run(home.resolve("check"), Map.of("FAKE_MAVEN_VERSION", "4.0.0-rc-5")).status)
        .isZero();
  }

  @Test
  void check_hands_its_arguments_to_maven() throws Exception {
    assertThat(run(home.resolve("check"), "-pl", "engine").output)
        .contains("mvn: --batch-mode --no-transfer-progress verify -pl engine")
        .contains("home: " + jdk);
  }

  private record Finished(int status, String output, String errors) {}

  private Finished run(Path program, String... arguments) throws Exception {
    return run(program, Map.of(), arguments);
  }

  private Finished run(Path program, Map<String, String> environment, String... arguments)
      throws Exception {
    var command = new ArrayList<String>();
    command.add(program.toString());
    command.addAll(List.of(arguments));
    return run(command, environment);
  }

  private Finished run(List<String> command, Map<String, String> environment) throws Exception {
    return finish(start(command, environment));
  }

  private Process start(List<String> command, Map<String, String> environment) throws IOException {
    var builder = new ProcessBuilder(command).directory(temporary.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", path());
    builder.environment().put("HOME", temporary.toString());
    builder.environment().put("JAVA_HOME", jdk.toString());
    builder.environment().put("FAKE_BUILDS", builds.toString());
    builder.environment().put("FAKE_MAVEN_VERSION", "3.8.7");
    builder.environment().putAll(environment);
    return builder.start();
  }

  /// Answers here are far smaller than a pipe's buffer, so that they can be read one after another.
  private static Finished finish(Process process) throws Exception {
    assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    return new Finished(
        process.exitValue(),
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8),
        new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
  }

  private String path() {
    return tools + ":/usr/bin:/bin";
  }

  private Path makeJdk(String name, String version) throws IOException {
    Path made = Files.createDirectories(temporary.resolve(name));
    Files.createDirectories(made.resolve("bin"));
    Files.writeString(
        made.resolve("release"), "IMPLEMENTOR=\"nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
    executable(made.resolve("bin/java"), JAVA);
    executable(made.resolve("bin/javac"), JAVA);
    return made;
  }

  private static void executable(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /// All sources are an hour older than anything that is built now.
  private void makeOld() throws IOException {
    try (var files = Files.walk(home)) {
      for (Path file : files.filter(file -> !file.toString().contains("/.builds")).toList()) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
      }
    }
  }

  private static void touch(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2100-01-01T00:00:00Z")));
  }
}
