package dev.planaria.app.cli.scratch;

import dev.planaria.app.daemon.DaemonFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A daemon of the demo's own: real processes on a directory that is thrown away.
final class ScratchDaemon {

  private static final String READY = "planaria ready ";

  /// Far more than a start takes, even on a machine that is busy with something else.
  private static final long START_SECONDS = 60;

  private static final long END_SECONDS = 30;

  private final Process front;
  private final Path data;
  private final String url;

  private ScratchDaemon(Process front, Path data, String url) {
    this.front = front;
    this.data = data;
    this.url = url;
  }

  /// Starts one and waits until it serves.
  ///
  /// @param command `planaria up`, as words
  /// @param port 0 takes any that is free
  static ScratchDaemon start(List<String> command, Path data, int port) throws IOException {
    Path errors = data.resolveSibling("up.stderr");
    var words = new ArrayList<>(command);
    words.addAll(List.of("--data", data.toString(), "--port", Integer.toString(port)));
    Process front =
        new ProcessBuilder(words)
            .redirectError(ProcessBuilder.Redirect.to(errors.toFile()))
            .start();
    try {
      return new ScratchDaemon(front, data, url(front, errors));
    } catch (IOException failure) {
      front.destroyForcibly();
      throw failure;
    }
  }

  private static String url(Process front, Path errors) throws IOException {
    var line = new CompletableFuture<String>();
    Thread.ofVirtual().start(() -> readFirstLine(front, line));
    try {
      String said = line.get(START_SECONDS, TimeUnit.SECONDS);
      if (said.startsWith(READY)) {
        return said.substring(READY.length()).strip();
      }
      throw new IOException("the daemon did not start: " + Files.readString(errors).strip());
    } catch (TimeoutException late) {
      throw new IOException("the daemon was not ready after " + START_SECONDS + " s", late);
    } catch (ExecutionException broken) {
      throw new IOException("the daemon's output broke", broken);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the daemon started", interrupted);
    }
  }

  private static void readFirstLine(Process front, CompletableFuture<String> line) {
    try {
      BufferedReader out = front.inputReader(StandardCharsets.UTF_8);
      String first = out.readLine();
      line.complete(first == null ? "" : first);
    } catch (IOException failure) {
      line.completeExceptionally(failure);
    }
  }

  /// Where it answers.
  String url() {
    return url;
  }

  /// The port in [#url].
  int port() {
    return java.net.URI.create(url).getPort();
  }

  /// The operator's token.
  String token() throws IOException {
    return file().token();
  }

  /// The process that holds the state now.
  long workerPid() throws IOException {
    return file().worker().pid();
  }

  /// The process that holds the port.
  long frontPid() {
    return front.pid();
  }

  private DaemonFile file() throws IOException {
    return DaemonFile.read(data)
        .orElseThrow(() -> new IOException("the daemon has written no daemon.json"));
  }

  /// `kill -9` for the worker.
  void killWorker() throws IOException {
    kill(workerPid());
  }

  /// `kill -9` for both. The front goes first: it would start another worker at once.
  void killBoth() throws IOException, InterruptedException {
    long worker = workerPid();
    // Not Process.destroyForcibly, which would close pipes before the process is dead.
    front.toHandle().destroyForcibly();
    kill(worker);
    front.waitFor();
  }

  private static void kill(long pid) {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  /// Ends it in order, or by force when it does not.
  void end() {
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
