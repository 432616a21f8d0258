package dev.planaria.app.front;

import dev.planaria.app.daemon.FrontMain;
import dev.planaria.app.daemon.FrontOptions;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A front with a fake worker behind it, in a process of its own. Arguments are `name=value`:
/// settings, and the guarantees that it lacks.
final class TestFrontMain {

  private TestFrontMain() {}

  public static void main(String[] arguments) {
    var given = new HashMap<String, String>();
    for (var argument : arguments) {
      var equals = argument.indexOf('=');
      given.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
    var worker =
        WorkerCommand.ofThisProcess(
            given.getOrDefault("worker", FakeWorker.class.getName()),
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m", "-Xshare:auto"),
            given.containsKey("neverReady") ? List.of("never-ready") : List.of());
    var options =
        new FrontOptions(
            Path.of(given.getOrDefault("data", "")),
            Integer.parseInt(given.getOrDefault("port", "0")),
            given.getOrDefault("host", "127.0.0.1"),
            given.containsKey("allowRemote"),
            worker,
            settings(given));
    System.exit(FrontMain.run(options, guarantees(given.getOrDefault("without", ""))));
  }

  private static FrontGuarantees guarantees(String without) {
    return new FrontGuarantees(
        !without.equals("resendUnanswered"),
        !without.equals("resumeStreams"),
        !without.equals("skipRepeatedPrimer"),
        !without.equals("bufferAnswers"));
  }

  private static FrontSettings settings(Map<String, String> given) {
    var limits = HttpLimits.DEFAULT;
    var timeouts = ClientTimeouts.DEFAULT;
    var forwarding = ForwardingSettings.DEFAULT;
    var supervision = SupervisionSettings.DEFAULT;
    return new FrontSettings(
        new HttpLimits(
            (int) number(given, "connections", limits.connections()),
            (int) number(given, "requestTargetBytes", limits.requestTargetBytes()),
            (int) number(given, "headBytes", limits.headBytes()),
            (int) number(given, "bodyBytes", limits.bodyBytes()),
            (int) number(given, "answerBytes", limits.answerBytes()),
            number(given, "bufferBytes", limits.bufferBytes())),
        new ClientTimeouts(
            number(given, "headMillis", timeouts.headMillis()),
            number(given, "bodyMillis", timeouts.bodyMillis()),
            number(given, "idleMillis", timeouts.idleMillis()),
            number(given, "writeMillis", timeouts.writeMillis()),
            number(given, "lingerMillis", timeouts.lingerMillis()),
            number(given, "tickMillis", timeouts.tickMillis())),
        new ForwardingSettings(
            number(given, "workerWaitMillis", forwarding.workerWaitMillis()),
            (int) number(given, "deathsPerRequest", forwarding.deathsPerRequest()),
            (int) number(given, "lossesPerRequest", forwarding.lossesPerRequest()),
            number(given, "suspectMillis", forwarding.suspectMillis()),
            number(given, "settledMillis", forwarding.settledMillis()),
            forwarding.idleLinks(),
            forwarding.linkRetryMillis(),
            number(given, "bufferWaitMillis", forwarding.bufferWaitMillis())),
        new SupervisionSettings(
            number(given, "readyMillis", supervision.readyMillis()),
            number(given, "silenceMillis", supervision.silenceMillis()),
            number(given, "drainMillis", supervision.drainMillis()),
            new Backoff(
                number(given, "firstMillis", supervision.backoff().firstMillis()),
                number(given, "maximumMillis", supervision.backoff().maximumMillis()),
                number(given, "youngMillis", supervision.backoff().youngMillis()),
                supervision.backoff().killsForgiven()),
            supervision.startAttempts(),
            supervision.crashesKept()),
        number(given, "stopMillis", FrontSettings.DEFAULT.stopMillis()),
        FrontSettings.DEFAULT.logBytes());
  }

  private static long number(Map<String, String> given, String name, long otherwise) {
    return Long.parseLong(given.getOrDefault(name, Long.toString(otherwise)));
  }
}
