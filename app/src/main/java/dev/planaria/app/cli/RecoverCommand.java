package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.storage.sqlite.OnLoss;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "recover",
    description = {
      "Recover a damaged session, or a store that has lost its end, as you decide.",
      "Without an option a session is recovered as it would be by itself; a store that",
      "has lost something stays as it is. A session that serves is left alone. To accept",
      "the loss of the end of a store, stop the daemon first."
    })
final class RecoverCommand extends Subcommand {

  @Parameters(
      paramLabel = "SESSION",
      arity = "0..1",
      description = "The session, by id or name; left out, only the store itself is looked at.")
  @Nullable String session;

  @Option(
      names = "--accept-loss",
      description = "Go on with what can be read; what is lost is reported, and lost.")
  boolean acceptLoss;

  @Option(
      names = "--checkpoint",
      paramLabel = "ID",
      description = "Begin with this checkpoint, and apply what follows it and stands.")
  @Nullable String checkpoint;

  RecoverCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() throws IOException {
    Path data = dataDirectory();
    Optional<DaemonClient> daemon = DaemonClient.find(data);
    try (SessionChanges changes =
        daemon.isPresent()
            ? new DaemonChanges(daemon.get())
            : StoredChanges.open(data, environment, acceptLoss ? OnLoss.ACCEPT : OnLoss.REFUSE)) {
      String named = session;
      if (named == null) {
        answer(
            JsonObject.builder().put("recovered", true).build(),
            daemon.isPresent()
                ? "the store is being served; planaria verify says more"
                : "the store can be served; planaria verify says more");
        return ExitStatus.OK;
      }
      JsonObject recovered =
          changes.change(
              named,
              "recover",
              JsonObject.builder()
                  .put("checkpoint_id", checkpoint)
                  .put("accept_loss", acceptLoss)
                  .build());
      answer(recovered, words(named, recovered));
      return ExitStatus.OK;
    }
  }

  private static String words(String named, JsonObject recovered) {
    JsonObject record = Shown.object(recovered, "recovery");
    String head = Shown.text(Shown.object(recovered, "head"), "seq");
    String serves = "session " + Shown.plain(named) + " serves again, at operation " + head;
    if (record.members().isEmpty()) {
      return serves + "; it never had to be recovered";
    }
    var words = new StringBuilder(serves);
    words.append("; last recovered by ").append(Shown.text(record, "strategy"));
    words.append(", ").append(Shown.text(record, "operations_lost")).append(" operations lost");
    String possibly = Shown.text(record, "operations_possibly_lost");
    if (!possibly.equals("0")) {
      words.append(", up to ").append(possibly).append(" more possibly lost");
    }
    if (record.get("findings") instanceof JsonArray(var findings)) {
      for (JsonValue finding : findings) {
        words.append("\n  ").append(finding instanceof JsonString(var text) ? text : "");
      }
    }
    return words.toString();
  }
}
