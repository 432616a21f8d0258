package dev.planaria.app.front;

/// How a worker ended: what its end says about the requests that it had.
enum WorkerEnd {
  /// We asked for it.
  PLANNED,
  /// Somebody outside killed it (SIGKILL or SIGTERM): an operator, a test, the kernel.
  KILLED,
  /// It crashed, ran out of memory, gave up or hung: a request may have been the cause.
  BY_ITSELF;

  private static final int SIGNALLED = 128;
  private static final int SIGKILL = 9;
  private static final int SIGTERM = 15;

  /// Reads an exit status, as the JDK gives it: 128 and the signal's number, when there was one.
  static WorkerEnd ofStatus(int exitStatus) {
    return exitStatus == SIGNALLED + SIGKILL || exitStatus == SIGNALLED + SIGTERM
        ? KILLED
        : BY_ITSELF;
  }
}
