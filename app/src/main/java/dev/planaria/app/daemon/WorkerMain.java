package dev.planaria.app.daemon;

/// Starts a worker; the front does that, nobody else.
public final class WorkerMain {
  private WorkerMain() {}

  /// Runs a worker until the front tells it to end, or is gone.
  public static void main(String[] arguments) {
    System.exit(run(arguments, Worker.Extras.NONE));
  }

  /// Runs a worker to its end.
  ///
  /// @return the exit status for the process
  static int run(String[] arguments, Worker.Extras extras) {
    try {
      var worker = new Worker(WorkerOptions.parse(arguments), extras);
      return worker.run();
    } catch (Exception e) {
      // Whatever keeps a worker from serving ends it; the front reads why on standard error.
      System.err.println("planaria worker: " + e);
      e.printStackTrace();
      return 1;
    }
  }
}
