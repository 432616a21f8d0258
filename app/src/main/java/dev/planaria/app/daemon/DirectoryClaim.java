package dev.planaria.app.daemon;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// The right to run a daemon on a data directory: an exclusive lock on the file `front.lock`, which
/// the kernel takes back when its holder dies. One holder at a time.
final class DirectoryClaim implements AutoCloseable {

  /// A daemon that is dying frees its lock and its port within this time, or it hangs.
  static final long FORMER_DAEMON_MILLIS = 10_000;

  static final long RETRY_MILLIS = 20;

  private final FileChannel channel;
  private final boolean foundFormerDaemon;

  private DirectoryClaim(FileChannel channel, boolean foundFormerDaemon) {
    this.channel = channel;
    this.foundFormerDaemon = foundFormerDaemon;
  }

  /// Takes the claim, and sees to it that nothing of a former daemon is left.
  ///
  /// @throws InUse in one sentence, when a daemon runs there
  static DirectoryClaim take(DataDirectory directory) throws IOException, InterruptedException {
    var channel =
        FileChannel.open(
            directory.path().resolve("front.lock"),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      await(directory, channel);
      var former = DaemonFile.read(directory.path());
      if (former.isPresent()) {
        bury(former.get());
        DaemonFile.remove(directory.path());
      }
      return new DirectoryClaim(channel, former.isPresent());
    } catch (IOException | InterruptedException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static void await(DataDirectory directory, FileChannel channel)
      throws IOException, InterruptedException {
    var deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FORMER_DAEMON_MILLIS);
    while (channel.tryLock() == null) {
      var running = DaemonFile.read(directory.path()).filter(DaemonFile::isRunning);
      if (running.isPresent() && Liveness.answers(running.get().url())) {
        throw new InUse(
            "a daemon runs on "
                + directory.path()
                + " already: process "
                + running.get().front().pid()
                + ", "
                + running.get().url(),
            null);
      }
      if (System.nanoTime() > deadline) {
        throw new InUse(
            "another process holds "
                + directory.path().resolve("front.lock")
                + running.map(file -> ": process " + file.front().pid()).orElse("")
                + ", and does not answer",
            null);
      }
      Thread.sleep(RETRY_MILLIS);
    }
  }

  /// The front of that daemon is gone, since its lock was free. Its worker notices within
  /// milliseconds and drains; if it does not go, it is ended.
  private static void bury(DaemonFile former) throws IOException, InterruptedException {
    var deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FORMER_DAEMON_MILLIS);
    while (former.worker().isAlive()) {
      if (System.nanoTime() > deadline) {
        ProcessHandle.of(former.worker().pid()).ifPresent(ProcessHandle::destroyForcibly);
      }
      Thread.sleep(RETRY_MILLIS);
    }
    if (!former.socketDirectory().isEmpty()) {
      delete(Path.of(former.socketDirectory()));
    }
  }

  private static void delete(Path sockets) throws IOException {
    try (var old = Files.newDirectoryStream(sockets, "worker-*.sock")) {
      for (var path : old) {
        Files.deleteIfExists(path);
      }
    } catch (NoSuchFileException _) {
      return;
    }
    Files.deleteIfExists(sockets);
  }

  /// True when the last daemon did not go in order, so that its port may still be in use.
  boolean foundFormerDaemon() {
    return foundFormerDaemon;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
