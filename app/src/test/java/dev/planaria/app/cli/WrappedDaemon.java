package dev.planaria.app.cli;

import dev.planaria.app.daemon.DaemonFile;
import dev.planaria.app.daemon.ProcessIdentity;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.process.Victims;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Whatever daemon runs on a data directory, whoever started it: seen by its file, killed by its
/// process ids.
final class WrappedDaemon implements AutoCloseable {

  private final Path data;
  private final WatchService watch;

  WrappedDaemon(Path data) throws IOException {
    this.data = data;
    Files.createDirectories(data);
    watch = FileSystems.getDefault().newWatchService();
    data.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
  }

  /// What the daemon says of itself now.
  Optional<DaemonFile> file() throws IOException {
    return DaemonFile.read(data).filter(DaemonFile::isRunning);
  }

  /// Waits for a daemon that is as wanted.
  DaemonFile await(String what, Predicate<DaemonFile> wanted)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WrapProcess.PATIENCE_MILLIS);
    while (true) {
      Optional<DaemonFile> found = file().filter(wanted);
      if (found.isPresent()) {
        return found.get();
      }
      WatchKey key = watch.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (key == null) {
        throw new AssertionError("not in time: " + what);
      }
      key.pollEvents();
      key.reset();
    }
  }

  /// The daemon's processes, or one of them, as the kit kills them: the front first, since it would
  /// start another worker at once.
  static Victims victims(DaemonFile running, Target target) {
    Stream<ProcessIdentity> meant =
        switch (target) {
          case WORKER -> Stream.of(running.worker());
          case FRONT -> Stream.of(running.front());
          case DAEMON -> Stream.of(running.front(), running.worker());
          default -> throw new IllegalArgumentException("no process of a daemon is " + target);
        };
    return Victims.of(
        meant
            .filter(ProcessIdentity::isAlive)
            .flatMap(process -> ProcessHandle.of(process.pid()).stream())
            .toList());
  }

  /// Stops it in order.
  void stop() throws IOException {
    Optional<DaemonFile> running = file();
    if (running.isPresent()) {
      ProcessHandle.of(running.get().front().pid())
          .ifPresent(front -> {
            front.destroy();
            front.onExit().join();
          });
    }
  }

  @Override
  public void close() throws IOException {
    Optional<DaemonFile> last = DaemonFile.read(data);
    try {
      if (last.isPresent()) {
        victims(last.get(), Target.DAEMON).kill();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a daemon was killed", interrupted);
    } finally {
      watch.close();
    }
  }
}
