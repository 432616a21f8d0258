package dev.planaria.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/// What work took from the machine, whoever else was using it.
///
/// @param nanos processor time, of all threads, garbage collection and compilation included
/// @param bytes allocated
record Cost(double nanos, double bytes) {

  /// What this process has taken since its start.
  static Cost now() {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return new Cost(system.getProcessCpuTime(), threads.getTotalThreadAllocatedBytes());
  }

  /// What one of so many equal pieces of work took since then.
  Cost since(Cost before, long pieces) {
    return new Cost((nanos - before.nanos) / pieces, (bytes - before.bytes) / pieces);
  }
}
