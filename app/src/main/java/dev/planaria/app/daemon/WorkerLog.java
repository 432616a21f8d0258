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
import java.util.LinkedHashMap;
import java.util.Map;
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
  private final LogFormat format;
  private final LongSupplier nowMillis;
  private Writer writer;
  private long written;

  private WorkerLog(Path file, LogFormat format, LongSupplier nowMillis) throws IOException {
    this.file = file;
    this.format = format;
    this.nowMillis = nowMillis;
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
    write(LogFormat.Severity.INFO, message, Map.of(), null);
  }

  @Override
  public void warn(String message, @Nullable Throwable cause) {
    write(LogFormat.Severity.WARN, message, Map.of(), cause);
  }

  @Override
  public Log with(String name, Object id) {
    return new About(Map.of(name, id.toString()));
  }

  /// The same file, for lines about one thing.
  private final class About implements Log {
    private final Map<String, String> ids;

    About(Map<String, String> ids) {
      this.ids = ids;
    }

    @Override
    public void info(String message) {
      write(LogFormat.Severity.INFO, message, ids, null);
    }

    @Override
    public void warn(String message, @Nullable Throwable cause) {
      write(LogFormat.Severity.WARN, message, ids, cause);
    }

    @Override
    public Log with(String name, Object id) {
      var more = new LinkedHashMap<>(ids);
      more.put(name, id.toString());
      return new About(more);
    }
  }

  private synchronized void write(
      LogFormat.Severity severity,
      String message,
      Map<String, String> ids,
      @Nullable Throwable cause) {
    String line = format.line(nowMillis.getAsLong(), severity, message, ids, cause);
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

  @Override
  public synchronized void close() throws IOException {
    writer.close();
  }
}
