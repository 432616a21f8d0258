package dev.planaria.app.front;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.recovery.CrashEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/// A worker that is a process of its own. Its standard input is a pipe that we hold, so that it
/// learns when we are gone; its standard output carries what it tells the monitor, one JSON object
/// a line; its standard error, which only a failing virtual machine writes to, is a file.
/// Thread-safe.
public final class WorkerProcess implements Worker {

  /// Longer lines are not ours.
  private static final int LINE_BYTES = 8 << 10;

  /// How long what a dead worker had written may take to be read.
  private static final long LAST_WORDS_MILLIS = 100;

  private final Process process;
  private final Path socket;

  private WorkerProcess(Process process, Path socket) {
    this.process = process;
    this.socket = socket;
  }

  /// A launcher of real processes.
  ///
  /// @param dataDirectory what the workers work on
  /// @param sockets where they listen
  /// @param errorFile where their standard error goes; exists already, with the right mode
  public static Launcher launcher(
      Path dataDirectory, WorkerSockets sockets, Path errorFile, FrontLog log) {
    return (generation, command, crash, monitor) -> {
      var socket = sockets.of(generation);
      var line = command.line(dataDirectory, socket, crash == null ? null : json(crash));
      keepNewestReports(errorFile, log);
      var process =
          new ProcessBuilder(line)
              .redirectError(ProcessBuilder.Redirect.appendTo(errorFile.toFile()))
              .start();
      var worker = new WorkerProcess(process, socket);
      worker.watch(generation, monitor, log);
      return worker;
    };
  }

  private static void keepNewestReports(Path errorFile, FrontLog log) {
    try {
      CrashReports.keepNewest(errorFile.resolveSibling("."));
    } catch (IOException e) {
      log.note("old crash reports of workers could not be removed: " + e.getMessage());
    }
  }

  /// The crash event as the worker gets it: the names of the record's components.
  static String json(CrashEvent crash) {
    return FrontJson.write(document(crash));
  }

  static JsonObject document(CrashEvent crash) {
    return JsonObject.builder()
        .put("type", crash.type().name())
        .put("detectedAtMillis", crash.detectedAtMillis())
        .put("failedAtMillis", crash.failedAtMillis())
        .put("lastHeartbeatMillis", crash.lastHeartbeatMillis())
        .put("lastKnownState", crash.lastKnownState())
        .put("severity", crash.severity().name())
        .build();
  }

  private void watch(long generation, Consumer<MonitorEvent> monitor, FrontLog log) {
    // A platform thread, because reading a pipe would hold a carrier of the virtual ones.
    var listening =
        Thread.ofPlatform()
            .daemon()
            .name("worker-" + generation)
            .stackSize(128 << 10)
            .start(() -> listen(generation, monitor, log));
    Thread.ofVirtual()
        .start(() -> {
          try {
            var status = process.waitFor();
            listening.join(LAST_WORDS_MILLIS);
            monitor.accept(new MonitorEvent.Exited(generation, status));
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void listen(long generation, Consumer<MonitorEvent> monitor, FrontLog log) {
    var line = new byte[LINE_BYTES];
    try (var out = process.getInputStream()) {
      for (var length = readLine(out, line); length >= 0; length = readLine(out, line)) {
        hear(new String(line, 0, length, StandardCharsets.UTF_8), generation, monitor, log);
      }
    } catch (IOException e) {
      log.note("the worker's standard output broke: " + e.getMessage());
    }
  }

  private static int readLine(InputStream in, byte[] line) throws IOException {
    var length = 0;
    for (var b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        return -1;
      }
      if (length < line.length) {
        line[length++] = (byte) b;
      }
    }
    return length;
  }

  private static void hear(
      String line, long generation, Consumer<MonitorEvent> monitor, FrontLog log) {
    JsonObject said;
    try {
      said = FrontJson.parseObject(line);
    } catch (FrontJson.Malformed _) {
      log.note("the worker wrote a line that is not ours, of " + line.length() + " characters");
      return;
    }
    switch (FrontJson.string(said, "event", "")) {
      case "ready" -> monitor.accept(new MonitorEvent.Ready(generation));
      case "heartbeat" ->
          monitor.accept(
              new MonitorEvent.Heartbeat(generation, FrontJson.string(said, "state", "well")));
      case "refused" ->
          monitor.accept(
              new MonitorEvent.Refused(generation, FrontJson.string(said, "reason", "")));
      case "clean" -> monitor.accept(new MonitorEvent.Clean(generation));
      default -> log.note("the worker told an event that is not known here");
    }
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public Path socket() {
    return socket;
  }

  @Override
  public void drain() {
    try {
      var in = process.getOutputStream();
      in.write("drain\n".getBytes(StandardCharsets.UTF_8));
      in.flush();
    } catch (IOException _) {
      // It is dying; its exit is on its way.
    }
  }

  @Override
  public void kill() {
    // Not Process.destroyForcibly, which closes the pipe with what is still in it.
    process.toHandle().destroyForcibly();
  }

  @Override
  public void cleanUp() {
    try {
      process.getOutputStream().close();
      Files.deleteIfExists(socket);
    } catch (IOException _) {
      // The next front deletes what is left.
    }
  }
}
