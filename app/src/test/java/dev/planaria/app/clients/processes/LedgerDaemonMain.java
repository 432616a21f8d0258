package dev.planaria.app.clients.processes;

import dev.planaria.app.daemon.FrontMain;
import dev.planaria.app.daemon.FrontOptions;
import dev.planaria.app.front.FrontGuarantees;
import dev.planaria.app.front.FrontSettings;
import dev.planaria.app.front.SupervisionSettings;
import dev.planaria.app.front.WorkerCommand;
import dev.planaria.engine.storage.sqlite.SqliteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;

/// The front as the product starts it, with a worker that tells how far it got. Arguments are
/// `name=value`: `data`, `port`, and `aim` and `without` of [DaemonSetup].
final class LedgerDaemonMain {

  private LedgerDaemonMain() {}

  public static void main(String[] arguments) throws IOException {
    var given = new HashMap<String, String>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      given.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
    String without = given.getOrDefault("without", "");
    if (without.equals("witness")) {
      Files.deleteIfExists(Path.of(given.getOrDefault("data", ""), SqliteStore.WITNESS));
    }
    var worker =
        WorkerCommand.ofThisProcess(
            "dev.planaria.app.daemon.LedgerWorkerMain",
            // A worker without memory dies, and says why: not in the directory of whoever tests.
            List.of(
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-Xshare:auto",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-DumpReplayDataOnError",
                "-XX:ErrorFile=" + Path.of(given.getOrDefault("aim", "")).resolve("crash-%p.log")),
            List.of("--aim", given.getOrDefault("aim", ""), "--without", without));
    var options =
        new FrontOptions(
            Path.of(given.getOrDefault("data", "")),
            Integer.parseInt(given.getOrDefault("port", "0")),
            FrontOptions.DEFAULT_HOST,
            false,
            worker,
            settings(without));
    System.exit(FrontMain.run(options, guarantees(without)));
  }

  /// A front that does not watch its worker takes an hour of silence for nothing.
  private static FrontSettings settings(String without) {
    if (!without.equals("watch")) {
      return FrontSettings.DEFAULT;
    }
    var sound = FrontSettings.DEFAULT;
    var watch = sound.supervision();
    var blind =
        new SupervisionSettings(
            watch.readyMillis(),
            3_600_000,
            watch.drainMillis(),
            watch.backoff(),
            watch.startAttempts(),
            watch.crashesKept());
    return new FrontSettings(
        sound.limits(),
        sound.timeouts(),
        sound.forwarding(),
        blind,
        sound.stopMillis(),
        sound.logBytes());
  }

  private static FrontGuarantees guarantees(String without) {
    return new FrontGuarantees(
        !without.equals("resendUnanswered"),
        !without.equals("resumeStreams"),
        !without.equals("skipRepeatedPrimer"),
        !without.equals("bufferAnswers"));
  }
}
