package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "dashboard",
    description = {
      "Print a link that logs a browser in to the dashboard: it works once, for five minutes.",
      "Ends with 5 when no daemon is running."
    })
final class DashboardCommand extends Subcommand {

  @Option(names = "--open", description = "Open the link in the browser as well.")
  boolean open;

  DashboardCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() throws IOException {
    DaemonClient daemon = DaemonClient.require(dataDirectory());
    JsonValue said = daemon.post("/api/v1/dashboard/code", JsonObject.EMPTY);
    JsonObject made = said instanceof JsonObject object ? object : JsonObject.EMPTY;
    String link = daemon.daemon().url() + Shown.text(made, "path");
    answer(
        JsonObject.builder().put("url", link).put("expires_at", made.get("expires_at")).build(),
        link);
    if (open) {
      open(link);
    }
    return ExitStatus.OK;
  }

  private void open(String link) {
    boolean mac = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac");
    var opener = new ProcessBuilder(List.of(mac ? "open" : "xdg-open", link));
    opener.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    try {
      opener.start();
    } catch (IOException nobody) {
      progress("no browser could be opened; open the link by hand");
    }
  }
}
