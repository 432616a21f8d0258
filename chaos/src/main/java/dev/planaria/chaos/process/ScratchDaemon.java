package dev.planaria.chaos.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// A daemon of an experiment's own: real processes on a directory that nobody else uses. Used by
/// one thread; the questions may be asked by any.
public final class ScratchDaemon implements Daemon {

  private static final String READY = "planaria ready ";

  /// Far more than a start takes, even on a machine that builds something at the same time.
  private static final long START_SECONDS = 90;

  /// An end in order waits up to 10 seconds for requests that are under way.
  private static final long END_SECONDS = 60;

  private final Launch launch;
  private final Set<ProcessHandle> seen = new LinkedHashSet<>();
  private Process front;
  private URI url;

  private ScratchDaemon(Launch launch, Process front, URI url) {
    this.launch = launch;
    this.front = front;
    this.url = url;
  }

  /// Starts one and waits until it is ready.
  ///
  /// @throws IOException when it does not get ready; the last line that it wrote to standard error
  ///   is in the message
  public static ScratchDaemon start(Launch launch) throws IOException, InterruptedException {
    Files.createDirectories(launch.data());
    Process front = launch(launch, 0);
    return new ScratchDaemon(launch, front, ready(front, launch));
  }

  private static Process launch(Launch launch, int port) throws IOException {
    var builder = new ProcessBuilder(launch.words(port));
    builder.environment().putAll(launch.environment());
    builder.redirectError(ProcessBuilder.Redirect.appendTo(errors(launch).toFile()));
    return builder.start();
  }

  private static Path errors(Launch launch) {
    return launch.data().resolveSibling("daemon.stderr");
  }

  /// The end of what was written to standard error, on one line: earlier starts wrote there too.
  private static String complaint(Launch launch) throws IOException {
    String all = Files.readString(errors(launch)).strip();
    return all.substring(Math.max(0, all.lastIndexOf('\n') + 1));
  }

  private static URI ready(Process front, Launch launch) throws IOException, InterruptedException {
    var line = new CompletableFuture<String>();
    Thread.ofVirtual().start(() -> read(front, line));
    String trouble;
    try {
      String said = line.get(START_SECONDS, TimeUnit.SECONDS);
      if (said.startsWith(READY)) {
        return URI.create(said.substring(READY.length()).strip());
      }
      trouble = "it said '" + said + "'";
    } catch (ExecutionException | TimeoutException e) {
      front.toHandle().destroyForcibly();
      throw new NeverReady(
          "the daemon did not start, it was not ready after " + START_SECONDS + " s: " + e);
    }
    front.toHandle().destroyForcibly();
    throw new IOException(
        "the daemon did not start, " + trouble + "; standard error: " + complaint(launch));
  }

  /// Reads to the end, so that the daemon never waits for a reader.
  private static void read(Process front, CompletableFuture<String> first) {
    try (BufferedReader lines = front.inputReader(StandardCharsets.UTF_8)) {
      String line = lines.readLine();
      first.complete(line == null ? "" : line);
      while (line != null) {
        line = lines.readLine();
      }
    } catch (IOException failure) {
      first.completeExceptionally(failure);
    }
  }

  /// Starts front and worker again on the same directory and port, after the front has ended.
  ///
  /// @throws IOException when they do not get ready
  public void startAgain() throws IOException, InterruptedException {
    Victims.await(front.toHandle());
    front = launch(launch, url.getPort());
    url = ready(front, launch);
  }

  @Override
  public boolean standAgain() throws IOException, InterruptedException {
    if (front().isAlive()) {
      return false;
    }
    startAgain();
    return true;
  }

  @Override
  public Path data() {
    return launch.data();
  }

  /// How it was started.
  public Launch launch() {
    return launch;
  }

  /// Where it answers, without a slash at the end.
  @Override
  public URI url() {
    return url;
  }

  /// The operator's token.
  @Override
  public String token() throws IOException {
    return DaemonRecord.read(launch.data())
        .orElseThrow(() -> new IOException("the daemon has written no daemon.json"))
        .token();
  }

  /// The process that holds the sessions now; nothing between the death of one and the start of the
  /// next. Never a strange process that was given a dead one's id: it is a child of the front.
  @Override
  public Optional<ProcessHandle> worker() throws IOException {
    return DaemonRecord.read(launch.data())
        .flatMap(record -> ProcessHandle.of(record.workerPid()))
        .filter(worker -> worker.parent().equals(Optional.of(front())));
  }

  /// The process that holds the port.
  @Override
  public ProcessHandle front() {
    return front.toHandle();
  }

  /// The servers that the worker has started.
  @Override
  public Stream<ProcessHandle> upstreams() throws IOException {
    return worker().stream().flatMap(ProcessHandle::children);
  }

  /// Notes every process of the daemon, so that [#close] finds those whose parents are gone.
  @Override
  public void remember() throws IOException {
    Stream.concat(Stream.of(front()), front().descendants()).forEach(seen::add);
    worker().ifPresent(seen::add);
  }

  /// Ends it in order, and waits for that.
  ///
  /// @throws IOException when it does not end, or not with status 0
  public void stop() throws IOException, InterruptedException {
    remember();
    front.destroy();
    if (!front.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("the daemon did not end within " + END_SECONDS + " s");
    }
    if (front.exitValue() != 0) {
      throw new IOException(
          "the daemon ended with status "
              + front.exitValue()
              + "; standard error: "
              + complaint(launch));
    }
  }

  /// Kills front, worker and whatever they have started, and waits until nothing of it is left.
  public void kill() throws IOException, InterruptedException {
    remember();
    Victims.of(List.copyOf(seen)).kill();
  }

  /// Ends by force whatever is left of it. What its processes had started is ended with them.
  @Override
  public void close() throws IOException {
    try {
      kill();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the daemon ended", interrupted);
    }
  }
}
