package dev.planaria.app.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How much of this process is in memory (Linux: `/proc/self/status`, `VmRSS`).
final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String LINE = "VmRSS:";

  private ResidentMemory() {}

  /// In bytes, or NaN where the system does not say.
  static double bytes() {
    try (var lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(LINE))
          .mapToDouble(line ->
              1_024 * Double.parseDouble(line.substring(LINE.length()).replace("kB", "").strip()))
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException | NumberFormatException e) {
      return Double.NaN;
    }
  }
}
