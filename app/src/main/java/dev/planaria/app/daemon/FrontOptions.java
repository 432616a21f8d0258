package dev.planaria.app.daemon;

import dev.planaria.app.front.FrontSettings;
import dev.planaria.app.front.WorkerCommand;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/// How a daemon is to be started.
///
/// @param data the data directory
/// @param port where to serve; 0 takes any free one
/// @param host the address to serve on
/// @param allowRemote whether that may be an address that other machines reach
/// @param worker how workers are started
/// @param settings every limit, timeout and retry of the front
/// @param readyLine what is said on standard output when the daemon serves at a URL
public record FrontOptions(
    Path data,
    int port,
    String host,
    boolean allowRemote,
    WorkerCommand worker,
    FrontSettings settings,
    UnaryOperator<String> readyLine) {

  /// The port when nobody says otherwise.
  public static final int DEFAULT_PORT = 7526;

  /// The address when nobody says otherwise.
  public static final String DEFAULT_HOST = "127.0.0.1";

  /// The usual way to say that the daemon serves.
  public FrontOptions(
      Path data,
      int port,
      String host,
      boolean allowRemote,
      WorkerCommand worker,
      FrontSettings settings) {
    this(data, port, host, allowRemote, worker, settings, FrontOptions::readyLine);
  }

  /// `planaria ready URL`, which scripts wait for.
  public static String readyLine(String url) {
    return "planaria ready " + url;
  }
}
