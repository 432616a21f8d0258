package dev.planaria.app.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A real daemon on a terminal's data directory: a front and a worker, each a process.
final class RealDaemon implements AutoCloseable {

  private static final long END_SECONDS = 30;

  private final Process front;
  private final BufferedReader out;

  private RealDaemon(Process front) {
    this.front = front;
    this.out = front.inputReader(StandardCharsets.UTF_8);
  }

  /// Starts one and waits until it serves.
  ///
  /// @param more further words behind `up`
  static RealDaemon on(Path data, Path scratch, String... more) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.planaria.app.cli.Main",
                "up",
                "--data",
                data.toString(),
                "--port",
                "0"));
    command.addAll(List.of(more));
    var builder = new ProcessBuilder(command);
    builder.redirectError(scratch.resolve("up.err").toFile());
    var daemon = new RealDaemon(builder.start());
    String said = daemon.out.readLine();
    if (said == null || !said.startsWith("planaria ready ")) {
      daemon.close();
      throw new AssertionError("the daemon did not start: " + said);
    }
    return daemon;
  }

  @Override
  public void close() {
    front.destroy();
    try {
      if (!front.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        front.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      front.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
