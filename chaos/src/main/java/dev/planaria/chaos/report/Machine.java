package dev.planaria.chaos.report;

import java.lang.management.ManagementFactory;

/// What a run ran on. Its name is left out: a report may be shown to others.
///
/// @param system the operating system, its version and the processor's kind
/// @param processors how many processors Java may use
/// @param memoryBytes how much memory there is; 0 when Java cannot tell
/// @param java the version of Java
public record Machine(String system, int processors, long memoryBytes, String java) {

  /// The one that this process runs on.
  public static Machine here() {
    long memory =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean known
            ? known.getTotalMemorySize()
            : 0;
    return new Machine(
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        Math.max(0, memory),
        Runtime.version().toString());
  }
}
