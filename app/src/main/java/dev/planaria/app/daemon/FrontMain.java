package dev.planaria.app.daemon;

import dev.planaria.app.front.FrontGuarantees;
import dev.planaria.app.front.FrontSettings;
import dev.planaria.app.front.WorkerCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/// Starts a front and, through it, a worker, and runs until it is told to stop.
public final class FrontMain {

  /// Everything went in order.
  public static final int OK = 0;

  /// The daemon could not be started, or could not go on; standard error says why.
  public static final int FAILED = 1;

  /// Another process holds the data directory or the port; standard error says which.
  public static final int IN_USE = 6;

  private FrontMain() {}

  /// Starts a daemon with default settings; for use without the command line.
  public static void main(String[] arguments) {
    var data = DataDirectory.defaultPath(System.getenv("XDG_STATE_HOME"), home());
    var port = FrontOptions.DEFAULT_PORT;
    var host = FrontOptions.DEFAULT_HOST;
    for (var i = 0; i + 1 < arguments.length; i += 2) {
      switch (arguments[i]) {
        case "--data" -> data = Path.of(arguments[i + 1]);
        case "--port" -> port = Integer.parseInt(arguments[i + 1]);
        case "--host" -> host = arguments[i + 1];
        default -> {
          System.err.println("planaria: unknown option " + arguments[i]);
          System.exit(FAILED);
        }
      }
    }
    var worker =
        WorkerCommand.ofThisProcess(
            "dev.planaria.app.daemon.WorkerMain", List.of("-XX:+UseSerialGC"), List.of());
    System.exit(run(new FrontOptions(data, port, host, false, worker, FrontSettings.DEFAULT)));
  }

  private static String home() {
    return System.getProperty("user.home", "");
  }

  /// Runs a daemon to its end.
  ///
  /// @return the exit status for the process
  public static int run(FrontOptions options) {
    return run(options, FrontGuarantees.ALL);
  }

  /// Runs a daemon that keeps only some of its promises; tests show with it what each is worth.
  public static int run(FrontOptions options, FrontGuarantees guarantees) {
    try {
      return new FrontRun(options, guarantees).run();
    } catch (InUse e) {
      System.err.println("planaria: " + e.getMessage());
      return IN_USE;
    } catch (IOException | UncheckedIOException e) {
      System.err.println("planaria: " + e.getMessage());
      return FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FAILED;
    }
  }
}
