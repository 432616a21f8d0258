package dev.planaria.app.clients.processes;

import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.process.ProcessInjector;
import dev.planaria.chaos.process.ScratchDaemon;
import dev.planaria.chaos.process.Victims;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The daemon under test: the kit's, and its aim directory, in which harness and worker meet. Used
/// by one thread.
public final class DaemonProcess implements AutoCloseable {

  /// Machines that build much at once are slow; nothing here takes a tenth of it when idle.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final DaemonSetup setup;
  private final WatchService watch;
  private final ScratchDaemon daemon;

  private DaemonProcess(DaemonSetup setup, WatchService watch, ScratchDaemon daemon) {
    this.setup = setup;
    this.watch = watch;
    this.daemon = daemon;
  }

  /// Starts a daemon and waits until it is ready.
  public static DaemonProcess start(DaemonSetup setup) throws IOException, InterruptedException {
    Files.createDirectories(setup.data());
    Files.createDirectories(setup.aim());
    WatchService watch = FileSystems.getDefault().newWatchService();
    setup.data().register(watch, StandardWatchEventKinds.ENTRY_CREATE);
    setup.aim().register(watch, StandardWatchEventKinds.ENTRY_CREATE);
    return new DaemonProcess(setup, watch, ScratchDaemon.start(setup.launch()));
  }

  /// Starts the daemon again where it was, when its front has ended, and waits until it is ready.
  public void startAgain() throws IOException, InterruptedException {
    daemon.startAgain();
  }

  /// How it was started.
  public DaemonSetup setup() {
    return setup;
  }

  /// Where it answers, without a slash at the end.
  public URI url() {
    return daemon.url();
  }

  /// The operator's token.
  public String token() throws IOException {
    return daemon.token();
  }

  /// The processes that a fault of that target would meet now.
  public Victims aim(Target target) throws IOException, InterruptedException {
    return new ProcessInjector(daemon).aim(target);
  }

  /// The process that holds the state.
  public long workerPid() throws IOException {
    return daemon.worker().orElseThrow().pid();
  }

  /// Waits until another worker than that one serves.
  public void awaitWorkerAfter(long pid) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (daemon.worker().filter(worker -> worker.pid() != pid).isEmpty()) {
      awaitChange("a worker after " + pid, deadline);
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
      throw new AssertionError("not within " + PATIENCE + ": " + what);
    }
    key.pollEvents();
    key.reset();
  }

  /// Stops it in order, and waits for its end.
  public void stop() throws IOException, InterruptedException {
    daemon.stop();
  }

  /// Ends whatever is left of it.
  @Override
  public void close() throws IOException {
    daemon.close();
    watch.close();
  }
}
