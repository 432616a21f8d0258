package dev.planaria.app.clients.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How far each worker got with each call, read from what the workers wrote down before they went
/// on; a write to a file outlives the process that made it.
public final class Trace {

  private final Map<Long, Map<String, Point>> last = new HashMap<>();

  private Trace() {}

  /// Reads the trace in an aim directory.
  public static Trace read(Path aim) throws IOException {
    var trace = new Trace();
    Path file = aim.resolve(TracedExchanges.FILE);
    if (!Files.exists(file)) {
      return trace;
    }
    for (String line : Files.readAllLines(file)) {
      String[] parts = line.split(" ", -1);
      if (parts.length == 3) {
        trace
            .last
            .computeIfAbsent(Long.parseLong(parts[0]), _ -> new HashMap<>())
            .merge(parts[1], Point.of(parts[2]), Trace::later);
      }
    }
    return trace;
  }

  private static Point later(Point one, Point other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /// The last point that a worker took a call to; null when that worker never saw it.
  public @Nullable Point lastPoint(long workerPid, String call) {
    return last.getOrDefault(workerPid, Map.of()).get(call);
  }

  /// Where the death of that worker hit that call.
  public Phase phase(long workerPid, String call) {
    return Phase.after(lastPoint(workerPid, call));
  }
}
