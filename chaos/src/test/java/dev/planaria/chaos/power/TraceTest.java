package dev.planaria.chaos.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is read from lines of strace, and which disks are made of that.
class TraceTest {

  @TempDir Path directory;
  private final SplittableRandom random = new SplittableRandom(7);

  private static String hex(String text) {
    var escaped = new StringBuilder();
    for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
      escaped.append("\\x").append(HexFormat.of().toHexDigits(one));
    }
    return escaped.toString();
  }

  /// A call of thread 1 at that second.
  private static String at(int second, String call) {
    return of(1, second, call);
  }

  private static String of(int thread, int second, String call) {
    return thread + "  " + second + ".000001 " + call;
  }

  private static String file(String name) {
    return "5<" + hex("/data/" + name) + ">";
  }

  private static String pwrite(String name, String text, long offset) {
    return "pwrite64("
        + file(name)
        + ", \""
        + hex(text)
        + "\", "
        + text.length()
        + ", "
        + offset
        + ") = "
        + text.length();
  }

  private Trace read(Map<String, byte[]> before, String... lines) throws IOException {
    Path trace = directory.resolve("trace");
    Files.write(trace, List.of(lines));
    return Tracer.read(trace, Path.of("/data"), name -> !name.endsWith("-shm"), before);
  }

  private String lost(Trace trace, String name) {
    byte[] bytes =
        trace
            .image(trace.moments(), Loss.ALL, DiskGuarantees.ALL, random)
            .files()
            .getOrDefault(name, new byte[0]);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String seen(Trace trace, String name) {
    return new String(trace.seen(name, trace.moments()), StandardCharsets.UTF_8);
  }

  @Test
  void what_was_synced_stays_and_the_rest_goes() throws IOException {
    Trace trace =
        read(
            Map.of("a", "....".getBytes(StandardCharsets.UTF_8)),
            at(10, pwrite("a", "one", 0)),
            at(11, "fdatasync(" + file("a") + ") = 0"),
            at(12, pwrite("a", "two", 3)),
            at(13, pwrite("a-shm", "none", 0)),
            at(14, pwrite("/elsewhere", "none", 0).replace(hex("/data/"), hex("/other/"))));
    assertThat(trace.moments()).isEqualTo(3);
    assertThat(trace.microsAt(3)).isEqualTo(12_000_001);
    assertThat(seen(trace, "a")).isEqualTo("onetwo");
    assertThat(lost(trace, "a")).isEqualTo("one.");
    assertThat(trace.vulnerable(1, "a"::equals)).containsExactly(1, 3);
  }

  @Test
  void a_sync_is_a_promise_for_what_was_written_before_it_began() throws IOException {
    Trace trace =
        read(
            Map.of(),
            of(1, 10, pwrite("a", "one", 0)),
            of(2, 11, "fsync(" + file("a") + " <unfinished ...>"),
            of(1, 12, pwrite("a", "two", 3)),
            of(2, 13, "<... fsync resumed>) = 0"));
    assertThat(lost(trace, "a")).isEqualTo("one");
  }

  @Test
  void a_sync_that_failed_or_was_cut_short_is_no_promise() throws IOException {
    Trace trace =
        read(
            Map.of(),
            of(1, 10, pwrite("a", "one", 0)),
            of(1, 11, "fsync(" + file("a") + ") = -1 EIO (Input/output error)"),
            of(2, 12, "fsync(" + file("a") + " <unfinished ...>"),
            of(2, 13, "<... fsync resumed>) = ?"),
            "2  14.000001 +++ killed by SIGKILL +++");
    assertThat(seen(trace, "a")).isEqualTo("one");
    assertThat(lost(trace, "a")).isEmpty();
  }

  @Test
  void names_lengths_and_writes_without_an_offset_are_followed() throws IOException {
    Trace trace =
        read(
            Map.of(),
            at(10, "openat(AT_FDCWD, \"" + hex("a") + "\", O_WRONLY|O_CREAT, 0600) = " + file("a")),
            at(11, "write(" + file("a") + ", \"" + hex("one") + "\", 3) = 3"),
            at(12, "write(" + file("a") + ", \"" + hex("two") + "\", 3) = 3"),
            at(13, "ftruncate(" + file("a") + ", 4) = 0"),
            at(14, "fsync(" + file("a") + ") = 0"),
            at(15, "rename(\"" + hex("/data/a") + "\", \"" + hex("/data/b") + "\") = 0"),
            at(16, pwrite("c", "gone", 0)),
            at(17, "unlink(\"" + hex("/data/c") + "\") = 0"));
    assertThat(trace.image(trace.moments(), Loss.ALL, DiskGuarantees.ALL, random).files())
        .containsOnlyKeys("b");
    assertThat(lost(trace, "b")).isEqualTo("onet");
  }

  @Test
  void a_torn_write_leaves_whole_sectors() throws IOException {
    Trace trace = read(Map.of(), at(10, pwrite("a", "x".repeat(2_048), 512)));
    byte[] torn =
        trace
            .image(1, Loss.TORN, DiskGuarantees.ALL, random)
            .files()
            .getOrDefault("a", new byte[0]);
    for (int from = 0; from < torn.length; from += 512) {
      assertThat(new String(torn, from, 512, StandardCharsets.UTF_8))
          .isIn("x".repeat(512), "\0".repeat(512));
    }
    assertThat(trace.image(1, Loss.TORN, DiskGuarantees.ALL, random).lossy()).isTrue();
  }

  @Test
  void what_is_not_understood_is_told() {
    assertThatThrownBy(() -> read(Map.of(), at(10, "fallocate(" + file("a") + ", 0, 0, 9) = 0")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("fallocate");
    String cut = pwrite("a", "one", 0).replace("\", 3", "\"..., 9");
    assertThatThrownBy(() -> read(Map.of(), at(10, cut)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cut off");
  }
}
