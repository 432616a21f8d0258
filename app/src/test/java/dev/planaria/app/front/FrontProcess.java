package dev.planaria.app.front;

import dev.planaria.app.daemon.DaemonFile;
import dev.planaria.chaos.process.Victims;
import dev.planaria.engine.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// A daemon with a fake worker, started as a process for a test, ended with it.
final class FrontProcess implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 20;

  private final Path data;
  private final Process process;
  private final String firstLine;

  private FrontProcess(Path data, Process process, String firstLine) {
    this.data = data;
    this.process = process;
    this.firstLine = firstLine;
  }

  /// Starts one and waits until it is ready, or has failed.
  ///
  /// @param settings `name=value`, as [TestFrontMain] takes them
  static FrontProcess start(Path data, String... settings) throws IOException {
    var line = new ArrayList<String>();
    line.add(System.getProperty("java.home") + "/bin/java");
    line.addAll(
        List.of(
            "-Xms6m",
            "-Xmx24m",
            "-XX:TrimNativeHeapInterval=1000",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED"));
    line.addAll(List.of(System.getProperty("planaria.front.flags", "-Dx=y").split(" ", -1)));
    line.addAll(List.of("-cp", System.getProperty("java.class.path")));
    line.add(TestFrontMain.class.getName());
    line.add("data=" + data);
    line.addAll(List.of(settings));
    var process =
        new ProcessBuilder(line)
            .redirectError(data.resolveSibling(data.getFileName() + ".stderr").toFile())
            .start();
    var out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    var first = out.readLine();
    return new FrontProcess(data, process, first == null ? "" : first);
  }

  /// What it printed, or an empty text when it failed.
  String firstLine() {
    return firstLine;
  }

  int port() {
    return Integer.parseInt(firstLine.substring(firstLine.lastIndexOf(':') + 1));
  }

  Path data() {
    return data;
  }

  Process process() {
    return process;
  }

  /// What it wrote to standard error.
  String errors() throws IOException {
    return Files.readString(data.resolveSibling(data.getFileName() + ".stderr"));
  }

  String log() throws IOException {
    return Files.readString(data.resolve("logs").resolve("front.log"));
  }

  DaemonFile daemonFile() throws IOException {
    return DaemonFile.read(data).orElseThrow();
  }

  String token() throws IOException {
    return Files.readString(data.resolve("operator.token")).strip();
  }

  /// Asks `/api/v1/daemon`.
  JsonObject status() throws IOException, FrontJson.Malformed {
    try (var client = connect()) {
      client.send("GET /api/v1/daemon HTTP/1.1\r\n" + operatorHeaders() + "\r\n");
      return FrontJson.parseObject(client.readReply().body());
    }
  }

  String operatorHeaders() throws IOException {
    return "Host: localhost:" + port() + "\r\nAuthorization: Bearer " + token() + "\r\n";
  }

  RawClient connect() throws IOException {
    return RawClient.connect(port());
  }

  /// Sends one GET on a connection of its own.
  RawClient.Reply get(String target) throws IOException {
    try (var client = connect()) {
      client.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
      return client.readReply();
    }
  }

  /// How many workers there have been; 0 when the front does not say.
  long generation() {
    try {
      return FrontJson.number(status(), "generation", 0);
    } catch (IOException | FrontJson.Malformed e) {
      return 0;
    }
  }

  /// True when the worker answers.
  boolean isReady() {
    try {
      return get("/readyz").status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  long workerPid() throws IOException, FrontJson.Malformed {
    return FrontJson.number(status(), "workerPid", 0);
  }

  /// These processes, for the kit to kill or stop.
  static Victims victims(long... pids) {
    return Victims.of(
        LongStream.of(pids).mapToObj(ProcessHandle::of).flatMap(Optional::stream).toList());
  }

  void killWorker() throws IOException, InterruptedException, FrontJson.Malformed {
    victims(workerPid()).kill();
  }

  /// The lines of the fake workers' ledger.
  List<String> ledger() throws IOException {
    var file = data.resolve("ledger");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  /// How often that line stands in the ledger.
  long noted(String what) throws IOException {
    return ledger().stream().filter(line -> line.equals("note " + what)).count();
  }

  /// Waits for something to become true; false when it does not in time.
  static boolean eventually(BooleanSupplier condition) throws InterruptedException {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    var tick = new CountDownLatch(1);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline || tick.await(10, TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return true;
  }

  /// A line of `/proc/PID/status` in KiB, or -1.
  static long memoryKib(long pid, String field) throws IOException {
    for (var line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith(field + ":")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    return -1;
  }

  /// Stops it as an operator would, and returns the exit status; null when it does not stop.
  @Nullable Integer stop() throws InterruptedException {
    process.destroy();
    return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) ? process.exitValue() : null;
  }

  @Override
  public void close() {
    try {
      if (stop() == null) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
