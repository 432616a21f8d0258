package dev.planaria.app.clients.processes;

import dev.planaria.app.daemon.DaemonFile;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/// The daemon under test. Used by one thread.
public final class DaemonProcess implements AutoCloseable {

  /// Machines that build much at once are slow; nothing here takes a tenth of it when idle.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String READY = "planaria ready ";

  private final DaemonSetup setup;
  private final WatchService watch;
  private Child front;
  private String url;

  private DaemonProcess(DaemonSetup setup, WatchService watch, Child front, String url) {
    this.setup = setup;
    this.watch = watch;
    this.front = front;
    this.url = url;
  }

  /// Starts a daemon and waits until it is ready.
  public static DaemonProcess start(DaemonSetup setup) throws IOException, InterruptedException {
    Files.createDirectories(setup.data());
    Files.createDirectories(setup.aim());
    WatchService watch = FileSystems.getDefault().newWatchService();
    setup.data().register(watch, StandardWatchEventKinds.ENTRY_CREATE);
    setup.aim().register(watch, StandardWatchEventKinds.ENTRY_CREATE);
    var ready = new CompletableFuture<String>();
    Child front = launch(setup, 0, ready);
    return new DaemonProcess(setup, watch, front, await(front, ready));
  }

  private static Child launch(DaemonSetup setup, int port, CompletableFuture<String> ready)
      throws IOException {
    return Child.start(
        setup.command(port),
        Map.of(),
        setup.scratch().resolve("front.err"),
        line -> {
          if (line.startsWith(READY)) {
            ready.complete(line.substring(READY.length()));
          }
        },
        _ -> ready.completeExceptionally(new IOException("the daemon ended")));
  }

  private static String await(Child front, CompletableFuture<String> ready)
      throws InterruptedException {
    try {
      return ready.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("the daemon did not get ready" + front.errors(), e);
    }
  }

  /// Starts the daemon again where it was, and waits until it is ready.
  public void startAgain() throws IOException, InterruptedException {
    int port = Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
    var ready = new CompletableFuture<String>();
    front = launch(setup, port, ready);
    url = await(front, ready);
  }

  /// How it was started.
  public DaemonSetup setup() {
    return setup;
  }

  /// Where it answers, without a slash at the end.
  public String url() {
    return url;
  }

  /// The operator's token.
  public String token() throws IOException {
    return file().map(DaemonFile::token).orElseThrow();
  }

  private Optional<DaemonFile> file() throws IOException {
    return DaemonFile.read(setup.data());
  }

  /// The process that holds the state.
  public long workerPid() throws IOException {
    return file().map(file -> file.worker().pid()).orElseThrow();
  }

  /// The process that holds the port.
  public long frontPid() {
    return front.pid();
  }

  /// Waits until another worker than that one serves.
  public void awaitWorkerAfter(long pid) throws IOException, InterruptedException {
    await(
        "a worker after " + pid,
        present -> present.map(file -> file.worker().pid() != pid).orElse(false));
  }

  private void await(String what, Predicate<Optional<DaemonFile>> wanted)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!wanted.test(file())) {
      awaitChange(what, deadline);
    }
  }

  /// Waits until there is a file of that name in the aim directory.
  public Path awaitAimed(String name) throws InterruptedException {
    Path file = setup.aim().resolve(name);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(file)) {
      awaitChange(name, deadline);
    }
    return file;
  }

  private void awaitChange(String what, long deadline) throws InterruptedException {
    WatchKey key = watch.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    if (key == null) {
      throw new AssertionError("not within " + PATIENCE + ": " + what + front.errors());
    }
    key.pollEvents();
    key.reset();
  }

  /// Waits until the front has ended.
  public void awaitFrontEnd() throws InterruptedException {
    front.await(PATIENCE);
  }

  /// Stops it in order, and waits for its end.
  public void stop() throws InterruptedException {
    front.terminate();
    int status = front.await(PATIENCE);
    if (status != 0) {
      throw new AssertionError("the daemon ended with status " + status + front.errors());
    }
  }

  /// Ends whatever is left of it.
  @Override
  public void close() throws IOException {
    Optional<DaemonFile> last = file();
    front.close();
    last.map(DaemonFile::worker)
        .filter(worker -> worker.isAlive())
        .flatMap(worker -> ProcessHandle.of(worker.pid()))
        .ifPresent(ProcessHandle::destroyForcibly);
    watch.close();
  }
}
