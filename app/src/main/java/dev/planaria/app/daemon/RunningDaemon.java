package dev.planaria.app.daemon;

import dev.planaria.app.front.FrontLog;
import dev.planaria.app.front.WorkerSockets;
import java.io.IOException;
import java.nio.file.Path;

/// Keeps `daemon.json` true: written when the first worker is ready and the port is ours, whichever
/// comes last, and again for each further worker. Thread-safe.
final class RunningDaemon {

  private final Path dataDirectory;
  private final OperatorToken token;
  private final WorkerSockets sockets;
  private final FrontLog log;
  private String url = "";
  private String startedAt = "";
  private long workerPid;

  RunningDaemon(Path dataDirectory, OperatorToken token, WorkerSockets sockets, FrontLog log) {
    this.dataDirectory = dataDirectory;
    this.token = token;
    this.sockets = sockets;
    this.log = log;
  }

  /// The port is ours.
  synchronized void serving(String url, String startedAt) {
    this.url = url;
    this.startedAt = startedAt;
    writeIfComplete();
  }

  /// A worker is ready; the file names it from now on.
  synchronized void workerReady(long pid) {
    workerPid = pid;
    writeIfComplete();
  }

  private void writeIfComplete() {
    if (url.isEmpty() || workerPid == 0) {
      return;
    }
    try {
      var worker = ProcessIdentity.of(workerPid).orElse(new ProcessIdentity(workerPid, ""));
      var front = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
      var borrowed = sockets.borrowedDirectory();
      new DaemonFile(
              worker,
              front,
              url,
              token.text(),
              startedAt,
              borrowed == null ? "" : borrowed.toString())
          .write(dataDirectory);
    } catch (IOException e) {
      log.note("daemon.json could not be written: " + e.getMessage());
    }
  }
}
