package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "alerts",
    description = {
      "List alerts, what fires first; take note of one (acknowledge ID), or keep it from being",
      "told for a while (silence ID --for 1h)."
    })
final class AlertsCommand extends Subcommand {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})([smhd])");

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "ACTION",
      description = "acknowledge or silence; without it alerts are listed.")
  @Nullable String action;

  @Parameters(index = "1", arity = "0..1", paramLabel = "ID", description = "The alert, as listed.")
  @Nullable String id;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      description =
          "How long it is silent: 90s, 15m, 1h, 2d; 0s ends a silence (${DEFAULT-VALUE}).")
  String time = "1h";

  @Option(names = "--all", description = "List those that have cleared as well.")
  boolean all;

  AlertsCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() throws IOException {
    if (action == null) {
      return list(DaemonClient.require(dataDirectory()));
    }
    if (id == null) {
      throw new CommandFailure(ExitStatus.USAGE, action + " needs the id of an alert");
    }
    JsonObject body =
        switch (action) {
          case "acknowledge" -> JsonObject.EMPTY;
          case "silence" -> JsonObject.builder().put("duration_ms", millis(time)).build();
          default ->
              throw new CommandFailure(
                  ExitStatus.USAGE, "unknown action " + Shown.plain(action) + "; see --help");
        };
    DaemonClient daemon = DaemonClient.require(dataDirectory());
    String path = "/api/v1/alerts/" + CallsCommand.encoded(id) + "/" + action;
    JsonObject alert =
        daemon.post(path, body) instanceof JsonObject answered ? answered : JsonObject.EMPTY;
    answer(
        alert,
        Shown.text(alert, "alert_id")
            + (action.equals("silence") ? " is silent for " + time : " is acknowledged"));
    return ExitStatus.OK;
  }

  private ExitStatus list(DaemonClient daemon) throws IOException {
    JsonValue answered = daemon.get("/api/v1/alerts");
    JsonObject document = answered instanceof JsonObject object ? object : JsonObject.EMPTY;
    List<JsonObject> alerts = Shown.objects(document, "alerts");
    List<JsonObject> firing =
        alerts.stream().filter(alert -> Shown.text(alert, "state").equals("firing")).toList();
    answer(document, text(all ? alerts : firing));
    return ExitStatus.OK;
  }

  private static String text(List<JsonObject> alerts) {
    if (alerts.isEmpty()) {
      return "no alert fires";
    }
    var lines = new ArrayList<String>();
    for (JsonObject alert : alerts) {
      lines.add(
          Shown.text(alert, "severity")
              + " "
              + Shown.text(alert, "state")
              + (Shown.text(alert, "acknowledged").equals("true") ? ", acknowledged" : "")
              + "  "
              + Shown.text(alert, "alert_id"));
      lines.add("  " + Shown.text(alert, "message"));
      lines.add("  " + Shown.text(alert, "what_to_do"));
    }
    return String.join("\n", lines);
  }

  /// A time as people write it, in milliseconds.
  static long millis(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new CommandFailure(
          ExitStatus.USAGE, "--for must be a number and one of s, m, h, d, as 90s or 1h");
    }
    long seconds =
        switch (matcher.group(2)) {
          case "s" -> 1;
          case "m" -> 60;
          case "h" -> 3_600;
          default -> 86_400;
        };
    return Long.parseLong(matcher.group(1)) * seconds * 1_000;
  }
}
