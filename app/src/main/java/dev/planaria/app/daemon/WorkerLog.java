package dev.planaria.app.daemon;

import dev.planaria.app.gateway.wire.Log;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The worker's log: a file with a line per event, which only its owner can read. When it is full
/// it becomes `worker.log.1`, and what was that before becomes `worker.log.2`, up to `3`; so the
/// log is never longer than 16 MiB. What looks like a token is never written. Thread-safe.
///
/// The messages of libraries (Jetty's, over SLF4J) are not written: whatever they would say of a
/// request is said by the gateway, and a server that accepts no more is found by the heartbeat,
/// which goes through its acceptor.
final class WorkerLog implements Log, AutoCloseable {
  private static final long FILE_BYTES = 4 << 20;
  private static final int KEPT = 3;
  private final Path file;
  private final FormattedLog lines;
  // No monitor: who closes the log does not wait for a disk that hangs.
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock.
  private Writer writer;
  private long written;

  private WorkerLog(Path file, LogFormat format, LongSupplier nowMillis) throws IOException {
    this.file = file;
    this.lines = new FormattedLog(format, nowMillis, this::append);
    this.writer = open(file);
    this.written = Files.size(file);
  }

  /// Opens the log in a data directory.
  static WorkerLog open(Path directory, LogFormat format, LongSupplier nowMillis)
      throws IOException {
    return open(directory, "worker.log", format, nowMillis);
  }

  /// Opens one of another name, with the same bounds.
  static WorkerLog open(Path directory, String name, LogFormat format, LongSupplier nowMillis)
      throws IOException {
    Path logs = directory.resolve("logs");
    if (!Files.exists(logs)) {
      Files.createDirectories(
          logs, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    return new WorkerLog(logs.resolve(name), format, nowMillis);
  }

  private static Writer open(Path file) throws IOException {
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    return Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
  }

  @Override
  public void info(String message) {
    lines.info(message);
  }

  @Override
  public void warn(String message, @Nullable Throwable cause) {
    lines.warn(message, cause);
  }

  @Override
  public Log with(String name, Object id) {
    return lines.with(name, id);
  }

  /// How its lines are made.
  FormattedLog lines() {
    return lines;
  }

  /// Takes a line as it is, with its end.
  void append(String line) {
    lock.lock();
    try {
      if (written > FILE_BYTES) {
        rotate();
      }
      writer.write(line);
      writer.flush();
      written += line.length();
    } catch (IOException e) {
      // A full disk takes the log first; stderr is kept by the front.
      System.err.print(line);
    } finally {
      lock.unlock();
    }
  }

  private void rotate() throws IOException {
    writer.close();
    for (int i = KEPT - 1; i >= 1; i--) {
      Path older = numbered(i);
      if (Files.exists(older)) {
        Files.move(older, numbered(i + 1), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.move(file, numbered(1), StandardCopyOption.REPLACE_EXISTING);
    writer = open(file);
    written = 0;
  }

  private Path numbered(int number) {
    return file.resolveSibling(file.getFileName() + "." + number);
  }

  /// While a line is being written the file is left as it is: each line is whole once it is
  /// written, and a disk that hangs would never give the file back.
  @Override
  public void close() throws IOException {
    if (!lock.tryLock()) {
      return;
    }
    try {
      writer.close();
    } finally {
      lock.unlock();
    }
  }
}
