package dev.planaria.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Processes that a benchmark starts, in a directory that goes with them.
final class BenchProcesses implements AutoCloseable {
  /// The launcher may have to build first.
  private static final long READY_SECONDS = 600;

  private final Path work;
  private final List<Process> running = new ArrayList<>();

  BenchProcesses(Path work) {
    this.work = work;
  }

  /// Copies a Node.js project into the directory and installs what it depends on.
  void install(Path project) throws IOException, InterruptedException {
    try (var files = Files.newDirectoryStream(project)) {
      for (Path file : files) {
        if (Files.isRegularFile(file)) {
          Files.copy(file, work.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
    var npm =
        new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(work.resolve("npm.log").toFile())
            .start();
    if (npm.waitFor() != 0) {
      throw new IOException("npm ci failed: " + Files.readString(work.resolve("npm.log")));
    }
  }

  /// Starts a server and waits until it listens.
  Process start(String name, int port, List<String> command)
      throws IOException, InterruptedException {
    Path log = work.resolve(name + ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    running.add(process);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
    while (!listens(port)) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IOException(name + " did not begin: " + Files.readString(log));
      }
      Thread.sleep(50);
    }
    return process;
  }

  /// Starts a daemon in the directory `data`.
  ///
  /// @param config the servers behind it
  /// @return its port
  int startDaemon(Path launcher, Path config) throws IOException, InterruptedException {
    int port = freePort();
    start(
        "planaria",
        port,
        List.of(
            launcher.toAbsolutePath().toString(),
            "up",
            "--data",
            work.resolve("data").toString(),
            "--port",
            Integer.toString(port),
            "--config",
            config.toString()));
    return port;
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static boolean listens(int port) {
    try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    running.reversed().forEach(Process::destroy);
    running.forEach(process -> process.onExit().join());
    try (var files = Files.walk(work)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }
}
