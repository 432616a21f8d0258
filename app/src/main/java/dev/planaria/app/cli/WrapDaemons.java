package dev.planaria.app.cli;

import dev.planaria.app.daemon.DaemonFile;
import dev.planaria.app.daemon.DataDirectory;
import dev.planaria.app.daemon.ProcessIdentity;
import dev.planaria.app.shim.Daemons;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds and starts the daemon of one data directory for `planaria wrap`. Used by one thread.
///
/// Clients start all their servers at once, and with them as many shims: a lock lets one of them
/// start the daemon, and the others wait for it.
final class WrapDaemons implements Daemons {

  /// When the log of starts is larger than this, it becomes `wrap.log.1`.
  private static final long LOG_BYTES = 1 << 20;

  /// Nobody but the owner may have written or read what holds the operator's token.
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  /// What a daemon may have of the environment of the client that happens to start it. It serves
  /// others too, and what this client's server needs is told when it is registered.
  private static final Set<String> INHERITED =
      Set.of(
          "PATH",
          "HOME",
          "USER",
          "LOGNAME",
          "SHELL",
          "LANG",
          "TZ",
          "TMPDIR",
          "TERM",
          "JAVA_HOME",
          "XDG_STATE_HOME",
          "XDG_CONFIG_HOME",
          "XDG_CACHE_HOME",
          "XDG_DATA_HOME",
          "XDG_RUNTIME_DIR",
          "DISPLAY",
          "WAYLAND_DISPLAY",
          "DBUS_SESSION_BUS_ADDRESS");

  /// How `planaria up` is started, found out only when it is.
  interface UpCommand {

    /// The words, without options of `up`.
    List<String> words() throws IOException;
  }

  private final Path data;
  private final UpCommand up;
  private final List<String> path;
  private boolean anyPort;
  private @Nullable Process starting;
  private @Nullable FileChannel lockFile;

  /// @param data the data directory
  /// @param up how `planaria up` is started
  /// @param anyPort whether any free port will do; otherwise the default one is tried first
  /// @param path the directories in which programs are looked for
  WrapDaemons(Path data, UpCommand up, boolean anyPort, List<String> path) {
    this.data = data;
    this.up = up;
    this.anyPort = anyPort;
    this.path = List.copyOf(path);
  }

  @Override
  public Optional<Daemon> find() throws IOException {
    Path file = data.resolve("daemon.json");
    try {
      requireOwn(file);
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
    Optional<DaemonFile> found = DaemonFile.read(data).filter(DaemonFile::isRunning);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    started();
    return Optional.of(daemon(found.get()));
  }

  private static Daemon daemon(DaemonFile file) throws IOException {
    URI url = URI.create(file.url());
    String host = url.getHost();
    if (host == null || url.getPort() < 1 || !"http".equals(url.getScheme())) {
      throw new IOException("daemon.json names no address that can be used: " + file.url());
    }
    return new Daemon(text(file.front()), text(file.worker()), host, url.getPort(), file.token());
  }

  private static String text(ProcessIdentity process) {
    return process.pid() + "@" + process.startedAt();
  }

  /// Whoever could write the file could send us, and our environment, anywhere.
  private static void requireOwn(Path file) throws IOException {
    var found = Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    Path self = Path.of("/proc/self");
    boolean ours =
        Files.exists(self)
            ? found.owner().equals(Files.getOwner(self))
            : found.owner().getName().equals(System.getProperty("user.name"));
    if (!found.isRegularFile() || !ours || !OWNER_ONLY.containsAll(found.permissions())) {
      throw new IOException(
          file
              + " is not a regular file of yours with mode 0600; it is not trusted. Stop the"
              + " daemon, remove the file, and start again");
    }
  }

  @Override
  public void ensureStarting() throws IOException {
    Process process = starting;
    if (process == null) {
      start();
    } else if (!process.isAlive()) {
      starting = null;
      unlock();
      int status = process.exitValue();
      if (status == ExitStatus.IN_USE.code() && !anyPort) {
        // Mostly the port: another data directory's daemon has it. Ours is found by its file.
        anyPort = true;
        start();
      } else if (status != ExitStatus.IN_USE.code()) {
        throw new IOException(
            "planaria up ended with " + status + "; see " + data.resolve("logs/wrap.log"));
      }
    }
  }

  private void start() throws IOException {
    DataDirectory directory = DataDirectory.open(data);
    if (!lock()) {
      // Another shim is starting one.
      return;
    }
    File log = directory.openLog("wrap.log", LOG_BYTES).toFile();
    var builder =
        new ProcessBuilder(command())
            .directory(data.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
            .redirectError(ProcessBuilder.Redirect.appendTo(log));
    builder
        .environment()
        .keySet()
        .removeIf(name -> !INHERITED.contains(name) && !name.startsWith("LC_"));
    starting = builder.start();
  }

  /// In a session of its own, so that whatever ends the client and its children leaves the daemon
  /// alone: other clients are attached to it.
  private List<String> command() throws IOException {
    List<String> command = new ArrayList<>();
    path.stream()
        .map(directory -> Path.of(directory, "setsid"))
        .filter(Files::isExecutable)
        .findFirst()
        .ifPresent(program -> command.add(program.toString()));
    command.addAll(up.words());
    command.addAll(List.of("--data", data.toString()));
    if (anyPort) {
      command.addAll(List.of("--port", "0"));
    }
    return command;
  }

  private boolean lock() throws IOException {
    FileChannel channel =
        FileChannel.open(
            data.resolve("starting"),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    FileLock lock = channel.tryLock();
    if (lock == null) {
      channel.close();
      return false;
    }
    lockFile = channel;
    return true;
  }

  private void started() throws IOException {
    starting = null;
    unlock();
  }

  private void unlock() throws IOException {
    FileChannel channel = lockFile;
    if (channel != null) {
      lockFile = null;
      // Closing gives the lock back. The file stays: removing it would let two hold "the" lock.
      channel.close();
    }
  }
}
