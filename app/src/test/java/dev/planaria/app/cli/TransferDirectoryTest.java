package dev.planaria.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.app.api.TransferDirectory;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where files are handed over.
class TransferDirectoryTest {

  @TempDir Path home;

  private TransferDirectory directory() {
    return TransferDirectory.of(home, new Terminal(home).sources());
  }

  @Test
  void it_is_private_and_names_are_its_own() throws IOException {
    String name = directory().newName();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory().path())))
        .isEqualTo("rwx------");
    assertThat(directory().file(name)).contains(directory().path().resolve(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "../witness", "/etc/passwd", "planaria.db", "0123456789abcdef/../x", "a b"})
  void other_names_are_none(String name) {
    assertThat(directory().file(name)).isEmpty();
  }

  @Test
  void what_was_left_behind_is_removed_after_a_day() throws IOException {
    Path fresh = directory().file(directory().newName()).orElseThrow();
    Path old = directory().file("0123456789abcdef").orElseThrow();
    Files.writeString(fresh, "x");
    Files.writeString(old, "x");
    Files.setLastModifiedTime(fresh, FileTime.fromMillis(1_800_000_000_000L));
    Files.setLastModifiedTime(old, FileTime.fromMillis(1_800_000_000_000L - 90_000_000));
    assertThat(directory().newName()).isNotBlank();
    assertThat(fresh).exists();
    assertThat(old).doesNotExist();
  }

  @Test
  void a_copy_is_private_and_replaces_nothing() throws IOException {
    Path from = home.resolve("from");
    Path to = home.resolve("to");
    Files.writeString(from, "content");
    TransferDirectory.copy(from, to);
    assertThat(to).hasContent("content");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(to)))
        .isEqualTo("rw-------");
    assertThatThrownBy(() -> TransferDirectory.copy(from, to))
        .isInstanceOf(FileAlreadyExistsException.class);
  }
}
