package dev.planaria.app.front;

/// Ends the processes that a dead worker left behind. The front is their new parent, so they are
/// its children, and at this moment it has no others. A worker's children hold its upstream
/// servers; the next worker starts its own.
final class Orphans {

  private Orphans() {}

  static void end(FrontLog log) {
    ProcessHandle.current()
        .children()
        .forEach(orphan -> {
          log.note("ended process " + orphan.pid() + ", which a dead worker left behind");
          orphan.destroyForcibly();
        });
  }
}
