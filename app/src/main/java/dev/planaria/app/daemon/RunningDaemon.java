package dev.planaria.app.daemon;

import dev.planaria.app.front.FrontLog;
import dev.planaria.app.front.WorkerSockets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/// Keeps `daemon.json` true: written when the first worker is ready, and again for each further
/// one. Called by the monitor, and once by the starting thread.
final class RunningDaemon {

  private record Serving(String url, String startedAt) {}

  private final Path dataDirectory;
  private final OperatorToken token;
  private final WorkerSockets sockets;
  private final FrontLog log;
  private final CompletableFuture<Serving> serving = new CompletableFuture<>();

  RunningDaemon(Path dataDirectory, OperatorToken token, WorkerSockets sockets, FrontLog log) {
    this.dataDirectory = dataDirectory;
    this.token = token;
    this.sockets = sockets;
    this.log = log;
  }

  /// The port is ours.
  void serving(String url, String startedAt) {
    serving.complete(new Serving(url, startedAt));
  }

  /// A worker is ready; the file names it from now on.
  void workerReady(long pid) {
    try {
      var known = serving.join();
      var worker = ProcessIdentity.of(pid).orElse(new ProcessIdentity(pid, ""));
      var front = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
      var borrowed = sockets.borrowedDirectory();
      new DaemonFile(
              worker,
              front,
              known.url(),
              token.text(),
              known.startedAt(),
              borrowed == null ? "" : borrowed.toString())
          .write(dataDirectory);
    } catch (IOException e) {
      log.note("daemon.json could not be written: " + e.getMessage());
    }
  }
}
