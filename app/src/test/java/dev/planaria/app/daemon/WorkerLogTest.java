package dev.planaria.app.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The worker's log: bounded, private, and free of secrets.
class WorkerLogTest {
  private static final Executor PLATFORM = work -> Thread.ofPlatform().daemon().start(work);

  @TempDir private Path directory;

  @Test
  void what_looks_like_a_token_is_not_written() throws Exception {
    String secret = "QwfsAhTc96PX_tA_IEBYtpBMEFMeqHKLmPW_sv-Q4rY";
    try (WorkerLog log = WorkerLog.open(directory, LogFormat.TEXT, () -> 0)) {
      log.info("got Authorization: Bearer short-one and " + secret);
      log.warn("broke", new IOException("with bearer another-one", new IOException(secret)));
    }
    String written = Files.readString(directory.resolve("logs/worker.log"));
    assertThat(written)
        .contains("1970-01-01T00:00:00Z INFO got Authorization: [redacted] and [redacted]")
        .contains("WARN broke")
        .contains("IOException")
        .doesNotContain(secret)
        .doesNotContain("short-one")
        .doesNotContain("another-one");
  }

  @Test
  void a_line_about_something_has_its_ids() throws Exception {
    try (WorkerLog log = WorkerLog.open(directory, LogFormat.TEXT, () -> 0)) {
      log.with("session_id", "s1").with("server", "notes").info("connection connected: it answers");
      log.info("about nothing");
      log.with("server", "a\nb").info("one line\r\n1970 INFO \u001b[2Jforged");
    }
    assertThat(Files.readString(directory.resolve("logs/worker.log")).lines())
        .containsExactly(
            "1970-01-01T00:00:00Z INFO session_id=s1 server=notes connection connected: it answers",
            "1970-01-01T00:00:00Z INFO about nothing",
            "1970-01-01T00:00:00Z INFO server=a\\u000ab one line\\u000d\\u000a1970 INFO"
                + " \\u001b[2Jforged");
  }

  @Test
  void a_line_for_programs_is_one_object_without_secrets_whatever_is_said() throws Exception {
    String secret = "QwfsAhTc96PX_tA_IEBYtpBMEFMeqHKLmPW_sv-Q4rY";
    try (WorkerLog log = WorkerLog.open(directory, LogFormat.JSON, () -> 1_000)) {
      log.with("session_id", "s\"1\n").warn("of \"two\"\nlines", new IOException(secret));
      log.info("bearer abc");
    }
    List<JsonObject> lines =
        Files.readString(directory.resolve("logs/worker.log"))
            .lines()
            .map(line -> Json.parseObject(line, JsonLimits.DEFAULT))
            .toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst().get("at")).isEqualTo(new JsonString("1970-01-01T00:00:01Z"));
    assertThat(lines.getFirst().get("level")).isEqualTo(new JsonString("warn"));
    assertThat(lines.getFirst().get("message")).isEqualTo(new JsonString("of \"two\"\nlines"));
    assertThat(lines.getFirst().get("session_id")).isEqualTo(new JsonString("s\"1\n"));
    assertThat(String.valueOf(lines.getFirst().get("cause")))
        .contains("IOException: [redacted]")
        .doesNotContain(secret);
    assertThat(lines.get(1).get("message")).isEqualTo(new JsonString("[redacted]"));
  }

  @Test
  void a_long_log_is_bounded_and_goes_on_after_a_restart() throws Exception {
    String line = "x ".repeat(10_000);
    for (int process = 0; process < 2; process++) {
      try (WorkerLog log = WorkerLog.open(directory, LogFormat.TEXT, () -> 0)) {
        for (int i = 0; i < 700; i++) {
          log.info(line);
        }
      }
    }
    try (Stream<Path> files = Files.list(directory.resolve("logs"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("worker.log", "worker.log.1", "worker.log.2", "worker.log.3");
    }
    long all = 0;
    for (int i = 0; i <= 3; i++) {
      Path file = directory.resolve("logs/worker.log" + (i == 0 ? "" : "." + i));
      all += Files.size(file);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
    assertThat(all).isLessThan(18 << 20);
  }

  @Test
  void warnings_of_the_engine_and_of_the_platform_are_written_and_nothing_less() throws Exception {
    System.Logger logger = System.getLogger("anybody");
    try (WorkerLog log = WorkerLog.open(directory, LogFormat.TEXT, () -> 0)) {
      PlatformLog.to(log);
      logger.log(System.Logger.Level.WARNING, "a sentence with {braces}");
      logger.log(System.Logger.Level.ERROR, "with a cause", new IOException("the cause"));
      logger.log(System.Logger.Level.WARNING, "{0} of {1}", 1, 2);
      logger.log(System.Logger.Level.INFO, "not this");
      assertThat(Files.readString(directory.resolve("logs/worker.log")))
          .contains("WARN a sentence with {braces}")
          .contains("WARN with a cause")
          .contains("IOException: the cause")
          .contains("WARN 1 of 2")
          .doesNotContain("not this");
    } finally {
      PlatformLog.to(null);
    }
  }

  @Test
  void warnings_are_put_aside_while_asked_for_and_never_those_of_a_worker() throws Exception {
    System.Logger logger = System.getLogger("anybody");
    try (WorkerLog worker = WorkerLog.open(directory, LogFormat.TEXT, () -> 0)) {
      PlatformLog.to(null);
      try (var _ = PlatformLog.aside(directory, () -> 0)) {
        logger.log(System.Logger.Level.WARNING, "provoked by a command");
        PlatformLog.to(worker);
        logger.log(System.Logger.Level.WARNING, "of a worker");
      }
      logger.log(System.Logger.Level.WARNING, "afterwards");
    } finally {
      PlatformLog.to(null);
    }
    assertThat(Files.readString(directory.resolve("logs/warnings.log")))
        .contains("WARN provoked by a command")
        .doesNotContain("of a worker", "afterwards");
    assertThat(Files.readString(directory.resolve("logs/worker.log")))
        .contains("WARN of a worker", "WARN afterwards")
        .doesNotContain("provoked");
  }

  /// The disk is a pipe that nobody empties.
  @Test
  void who_closes_it_waits_for_no_line_that_the_disk_does_not_take() throws Exception {
    Path file = Files.createDirectories(directory.resolve("logs")).resolve("worker.log");
    assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
    var reading = CompletableFuture.supplyAsync(() -> reader(file), PLATFORM);
    WorkerLog log = WorkerLog.open(directory, LogFormat.TEXT, () -> 0);
    try (InputStream reader = reading.join()) {
      String line = "x".repeat(1 << 20) + "\n";
      var writing = CompletableFuture.runAsync(() -> log.append(line), PLATFORM);
      assertThat(reader.read()).as("it is being written").isEqualTo('x');
      var closing = CompletableFuture.supplyAsync(() -> isClosed(log), PLATFORM);
      assertThat(closing.get(20, TimeUnit.SECONDS)).isTrue();
      assertThat(writing).isNotDone();
      assertThat(reader.readNBytes(line.length() - 1)).endsWith((byte) '\n');
      writing.join();
    }
  }

  private static InputStream reader(Path file) {
    try {
      return new FileInputStream(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isClosed(WorkerLog log) {
    try {
      log.close();
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
