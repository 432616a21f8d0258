package dev.planaria.app.clients.processes;

import dev.planaria.app.cli.WrapMain;
import dev.planaria.chaos.process.Launch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How a daemon is started for a proof: the real front with the real worker, plus a slow tool, a
/// trace of how far each call got, and, for negative controls, without one of its promises.
///
/// @param scratch a directory of this proof's own; holds the data directory and the trace
/// @param without the promise that is not kept, or an empty text
public record DaemonSetup(Path scratch, String without) {

  /// A daemon that keeps all its promises.
  public static DaemonSetup whole(Path scratch) {
    return new DaemonSetup(scratch, "");
  }

  /// Where the daemon's state is.
  public Path data() {
    return scratch.resolve("data");
  }

  /// Where harness and worker meet: the trace, and the points at which calls are to be held.
  public Path aim() {
    return scratch.resolve("aim");
  }

  /// How the kit starts it.
  public Launch launch() {
    var command = new ArrayList<String>();
    command.add(java());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(LedgerDaemonMain.class.getName());
    command.addAll(
        List.of(
            "data=" + Launch.DATA, "aim=" + aim(), "port=" + Launch.PORT, "without=" + without));
    return new Launch(command, Map.of(), data(), wrap());
  }

  private static List<String> wrap() {
    return List.of(
        java(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx96m",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        WrapMain.class.getName(),
        "--data",
        Launch.DATA,
        "--session",
        Launch.SESSION);
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
