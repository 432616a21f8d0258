package dev.planaria.app.front;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the fake worker has done, in a file that outlives it: one line for each execution, with the
/// front's stamp and the result, and one for each remark. A worker that is asked again under a
/// stamp that stands here must not do it again. Thread-safe.
final class Ledger {

  private final Path file;
  private final Map<String, String> done = new HashMap<>();

  Ledger(Path file) throws IOException {
    this.file = file;
    if (Files.exists(file)) {
      for (var line : Files.readAllLines(file)) {
        var words = line.split(" ", 3);
        if (words[0].equals("done")) {
          done.put(words[1], words[2]);
        }
      }
    }
  }

  /// The result under that stamp, or null.
  synchronized @Nullable String find(String stamp) {
    return done.get(stamp);
  }

  /// Remembers an execution.
  synchronized void record(String stamp, String result) {
    done.put(stamp, result);
    append("done " + stamp + " " + result);
  }

  /// Remembers that something was seen.
  synchronized void note(String what) {
    append("note " + what);
  }

  private void append(String line) {
    try {
      Files.writeString(
          file,
          line + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
