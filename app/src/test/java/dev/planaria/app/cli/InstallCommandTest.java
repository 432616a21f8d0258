package dev.planaria.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.json.JsonBoolean;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `planaria install` links, once, and touches nothing that is not its own.
class InstallCommandTest {

  @TempDir Path home;

  private Terminal terminal;
  private Path launcher;
  private Path link;

  @BeforeEach
  void unpack() throws IOException {
    launcher = Files.createFile(home.resolve("planaria"));
    link = home.resolve(".local/bin/planaria");
    terminal = new Terminal(home).installedIn(launcher, home);
  }

  @Test
  void it_links_and_says_when_the_directory_is_not_on_the_path() throws Exception {
    var run = terminal.run("install");
    assertThat(run.status()).isZero();
    assertThat(Files.readSymbolicLink(link)).isEqualTo(launcher);
    assertThat(run.out()).contains("is not on your PATH").contains("export PATH=");
    terminal.with("PATH", "/usr/bin::" + home + "/x/../.local/bin");
    assertThat(terminal.run("install").out()).doesNotContain("PATH");
  }

  @Test
  void a_second_time_changes_nothing() {
    assertThat(terminal.run("install", "--json").json().get("created"))
        .isEqualTo(JsonBoolean.of(true));
    var again = terminal.run("install", "--json");
    assertThat(again.status()).isZero();
    assertThat(again.json().get("created")).isEqualTo(JsonBoolean.of(false));
  }

  @Test
  void a_file_or_link_of_somebody_else_stays() throws Exception {
    Files.createDirectories(link.getParent());
    Files.writeString(link, "mine");
    var file = terminal.run("install");
    assertThat(file.status()).isEqualTo(ExitStatus.IN_USE.code());
    assertThat(file.err()).contains("exists and is not a link of ours");
    assertThat(link).hasContent("mine");

    Files.delete(link);
    Files.createSymbolicLink(link, home.resolve("gone"));
    var dangling = terminal.run("install");
    assertThat(dangling.status()).isEqualTo(ExitStatus.IN_USE.code());
    assertThat(dangling.err()).contains("is a link to " + home.resolve("gone"));
    assertThat(Files.readSymbolicLink(link)).isEqualTo(home.resolve("gone"));
  }

  @Test
  void another_directory_can_be_named() {
    Path other = home.resolve("bin of mine");
    assertThat(terminal.run("install", "--to", other.toString()).status()).isZero();
    assertThat(other.resolve("planaria")).isSymbolicLink();
  }

  @Test
  void without_the_launcher_there_is_nothing_to_link() {
    var run = new Terminal(home).run("install");
    assertThat(run.status()).isEqualTo(ExitStatus.FAILED.code());
    assertThat(run.err()).contains("planaria script");
  }
}
