package dev.planaria.app.daemon;

import dev.planaria.app.front.FrontLog;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.LongSupplier;

/// A log of bounded size: when the file has grown beyond its bound it becomes `NAME.1`. And of
/// bounded rate: bad input must not be able to keep the disk busy. Thread-safe.
final class LogFile implements FrontLog {

  /// More lines in one second than a person could want.
  private static final int LINES_PER_SECOND = 50;

  private final DataDirectory directory;
  private final String name;
  private final long rotateBytes;
  private final LongSupplier nowMillis;
  private FileOutputStream out;
  private long written;
  private long second;
  private int linesThisSecond;

  LogFile(DataDirectory directory, String name, long rotateBytes, LongSupplier nowMillis)
      throws IOException {
    this.directory = directory;
    this.name = name;
    this.rotateBytes = rotateBytes;
    this.nowMillis = nowMillis;
    this.out = open();
  }

  private FileOutputStream open() throws IOException {
    var file = directory.openLog(name, rotateBytes).toFile();
    written = file.length();
    return new FileOutputStream(file, true);
  }

  @Override
  public synchronized void note(String line) {
    var now = nowMillis.getAsLong();
    if (now / 1000 != second) {
      second = now / 1000;
      linesThisSecond = 0;
    }
    linesThisSecond++;
    if (linesThisSecond > LINES_PER_SECOND) {
      return;
    }
    var full = linesThisSecond == LINES_PER_SECOND ? " (and more in this second)" : "";
    var bytes =
        (Instant.ofEpochMilli(now) + " " + line + full + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      if (written + bytes.length > rotateBytes) {
        out.close();
        out = open();
      }
      out.write(bytes);
      written += bytes.length;
    } catch (IOException e) {
      // A log that cannot be written must not end the front; standard error is what remains.
      System.err.println("planaria: the log " + name + " cannot be written: " + e.getMessage());
    }
  }
}
