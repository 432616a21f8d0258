package dev.planaria.app.gateway.upstreams;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a child says on standard error is kept, but not all of it, and not for everybody.
class RotatedFileTest {

  @TempDir Path scratch;

  private static void say(RotatedFile file, String text) {
    byte[] bytes = (text + "unused").getBytes(StandardCharsets.UTF_8);
    file.write(bytes, text.length());
  }

  @Test
  void the_end_of_what_was_said_is_kept_within_bounds_by_its_owner_alone() throws Exception {
    Path path = scratch.resolve("x.log");
    var log = new Talk.Lines();
    try (var file = new RotatedFile(path, 100, log)) {
      for (int i = 0; i < 50; i++) {
        say(file, "line %04d\n".formatted(i));
      }
      say(file, "y".repeat(250));
    }
    assertThat(Files.size(path)).isLessThanOrEqualTo(100);
    assertThat(Files.size(scratch.resolve("x.log.1"))).isEqualTo(100);
    assertThat(Files.readString(path)).matches("y+");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
    try (var again = new RotatedFile(path, 100, log)) {
      say(again, "more");
    }
    assertThat(Files.readString(path)).endsWith("more");
    assertThat(log.lines).isEmpty();
  }

  @Test
  void what_cannot_be_written_is_dropped_and_said_once() {
    var log = new Talk.Lines();
    try (var file = new RotatedFile(scratch.resolve("no/such/x.log"), 100, log)) {
      say(file, "a");
      say(file, "b");
    }
    assertThat(log.lines).hasSize(1);
  }
}
