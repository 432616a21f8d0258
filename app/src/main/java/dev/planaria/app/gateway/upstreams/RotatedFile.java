package dev.planaria.app.gateway.upstreams;

import dev.planaria.app.gateway.wire.Log;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Keeps the end of what a child says in files of bounded size that only their owner can read: when
/// `NAME` is full it becomes `NAME.1`, and what was that before is gone. What cannot be written is
/// dropped: a full disk must not stop a server. Thread-safe.
public final class RotatedFile implements ErrorSink {
  private final Path file;
  private final long mostBytes;
  private final Log log;
  private @Nullable OutputStream out;
  private long written;
  private boolean complained;

  /// @param file in a directory that exists
  /// @param mostBytes when the file is full; both together hold twice as much
  public RotatedFile(Path file, long mostBytes, Log log) {
    this.file = file;
    this.mostBytes = mostBytes;
    this.log = log;
  }

  @Override
  public synchronized void write(byte[] bytes, int length) {
    try {
      OutputStream current = out == null ? open() : out;
      out = current;
      int first = (int) Math.min(length, Math.max(0, mostBytes - written));
      current.write(bytes, 0, first);
      written += first;
      if (first < length) {
        close();
        Files.move(
            file,
            file.resolveSibling(file.getFileName() + ".1"),
            StandardCopyOption.REPLACE_EXISTING);
        byte[] rest = Arrays.copyOfRange(bytes, first, length);
        write(rest, rest.length);
      }
    } catch (IOException e) {
      if (!complained) {
        complained = true;
        log.warn("what a server says on standard error cannot be written to " + file, e);
      }
    }
  }

  private OutputStream open() throws IOException {
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    written = Files.size(file);
    return Files.newOutputStream(file, StandardOpenOption.APPEND);
  }

  @Override
  public synchronized void close() {
    try {
      if (out != null) {
        out.close();
      }
    } catch (IOException e) {
      log.warn("what a server said on standard error was not written to the end", e);
    }
    out = null;
  }
}
