package dev.planaria.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `planaria doctor` says what is wrong, and what to do.
class DoctorCommandTest {

  @TempDir Path home;

  private Terminal terminal;

  @BeforeEach
  void sit_down() {
    terminal = new Terminal(home);
  }

  @Test
  void a_fresh_machine_is_healthy_and_left_as_it_was() throws IOException {
    JsonObject report = report(0);
    assertThat(standing(report, "java")).isEqualTo("ok");
    assertThat(standing(report, "data directory")).isEqualTo("ok");
    assertThat(standing(report, "port 0")).isEqualTo("ok");
    assertThat(standing(report, "daemon")).isEqualTo("ok");
    try (Stream<Path> left = Files.walk(home)) {
      assertThat(left).containsExactly(home);
    }
  }

  @Test
  void a_taken_port_names_its_holder() throws IOException {
    try (var holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = holder.getLocalPort();
      JsonObject report = report(port);
      assertThat(terminal.run("doctor", "--port", "" + port).status())
          .isEqualTo(ExitStatus.FAILED.code());
      JsonObject check = check(report, "port " + port);
      assertThat(Shown.text(check, "standing")).isEqualTo("fail");
      assertThat(Shown.text(check, "advice")).contains("--port");
      if (Files.exists(Path.of("/proc/net/tcp"))) {
        assertThat(Shown.text(check, "found")).contains("" + ProcessHandle.current().pid());
      }
    }
  }

  @Test
  void files_that_others_can_read_are_pointed_out() throws IOException {
    Files.createDirectories(
        terminal.data(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path open = Files.createFile(terminal.data().resolve("planaria.db"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    JsonObject check = check(report(0), "data directory");
    assertThat(Shown.text(check, "standing")).isEqualTo("warn");
    assertThat(Shown.text(check, "found")).contains("planaria.db");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-------"));
    assertThat(standing(report(0), "data directory")).isEqualTo("ok");
  }

  @Test
  void a_data_directory_that_is_a_file_is_a_failure() throws IOException {
    Path file = Files.createFile(home.resolve("file"));
    var run = terminal.run("doctor", "--json", "--port", "0", "--data", file.toString());
    assertThat(run.status()).isEqualTo(ExitStatus.FAILED.code());
    assertThat(standing(run.json(), "data directory")).isEqualTo("fail");
  }

  @Test
  void a_daemon_that_is_gone_is_pointed_out() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Files.createDirectories(terminal.data());
    Files.writeString(
        terminal.data().resolve("daemon.json"),
        "{\"pid\":1,\"frontPid\":"
            + gone.pid()
            + ",\"url\":\"http://127.0.0.1:1\",\"token\":\"t\"}");
    JsonObject check = check(report(0), "daemon");
    assertThat(Shown.text(check, "standing")).isEqualTo("warn");
    assertThat(Shown.text(check, "found")).contains("is gone");
  }

  @Test
  void what_was_prepared_for_a_fast_start_is_looked_for() throws IOException {
    assertThat(Shown.text(check(report(0), "fast start"), "found")).contains("not started by");
    terminal.installedIn(home.resolve("planaria"), home);
    assertThat(Shown.text(check(report(0), "fast start"), "found"))
        .contains("libraries and caches are not prepared, or damaged");
    for (String file :
        new String[] {
          "native/libsqlitejdbc.so",
          "native/libzstd-jni-1.so",
          "aot/front.aot",
          "aot/worker.aot",
          "aot/front.aot.crc32",
          "aot/worker.aot.crc32"
        }) {
      Files.createDirectories(home.resolve(file).getParent());
      Files.writeString(home.resolve(file), file.endsWith(".crc32") ? "0\n" : "");
    }
    assertThat(standing(report(0), "fast start")).isEqualTo("ok");

    Files.writeString(home.resolve("aot/worker.aot"), "damaged");
    assertThat(standing(report(0), "fast start")).isEqualTo("warn");
  }

  private JsonObject report(int port) {
    return terminal.run("doctor", "--json", "--port", "" + port).json();
  }

  private static String standing(JsonObject report, String name) {
    return Shown.text(check(report, name), "standing");
  }

  private static JsonObject check(JsonObject report, String name) {
    return Shown.objects(report, "checks").stream()
        .filter(check -> Shown.text(check, "name").equals(name))
        .findFirst()
        .orElseThrow();
  }
}
