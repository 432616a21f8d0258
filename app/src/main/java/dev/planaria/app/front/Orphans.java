package dev.planaria.app.front;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Ends the processes that a dead worker left behind: its upstream servers, whose like the next
/// worker starts anew. The kernel hands them to the front, which has asked for that, so when there
/// is no worker every child of the front is one of them. Used by the monitor's thread, but for
/// [#adopt].
final class Orphans {

  /// A killed process is gone within milliseconds, unless the kernel holds it.
  private static final long PATIENCE_MILLIS = 2_000;

  private final FrontEnvironment environment;
  private volatile @Nullable NativeProcess kernel;

  Orphans(FrontEnvironment environment) {
    this.environment = environment;
  }

  /// Asks the kernel for the orphans among our descendants. What counts is the moment of a worker's
  /// death, not that of its start, so this can be done after the start, when it costs nobody time.
  void adopt() {
    if (!NativeProcess.isSupported()) {
      return;
    }
    var bound = NativeProcess.bind();
    if (bound.becomeSubreaper()) {
      kernel = bound;
      environment.log().note("orphans come to this process");
    } else {
      environment.log().note("the kernel gives us no orphans; a dead worker's children stay");
    }
  }

  /// Ends all of them, and theirs; called while there is no worker.
  void end() {
    var adopting = kernel;
    if (adopting == null || !adopting.hasChildren()) {
      return;
    }
    var deadlineNanos =
        environment.nanoTime().getAsLong() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    // The children of those that end become ours, and are found the next time round.
    while (adopting.hasChildren()) {
      var orphans = ProcessHandle.current().children().toList();
      orphans.forEach(ProcessHandle::destroyForcibly);
      for (var orphan : orphans) {
        if (!awaitEnd(orphan, deadlineNanos - environment.nanoTime().getAsLong())) {
          environment.log().note("process " + orphan.pid() + ", left by a worker, does not end");
          return;
        }
        adopting.reap((int) orphan.pid());
        environment.log().note("ended process " + orphan.pid() + ", which a worker left behind");
      }
    }
  }

  private static boolean awaitEnd(ProcessHandle orphan, long nanos) {
    try {
      orphan.onExit().get(nanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException | ExecutionException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
