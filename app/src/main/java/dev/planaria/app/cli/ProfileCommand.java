package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "profile",
    description = {
      "Propose a replay profile for a server behind Planaria, from calls that were recorded: which",
      "of them build up its state, and which ids in its results come back in later arguments.",
      "Begin with --record, use the server through its client, then ask without an option.",
      "A recording holds no value of any argument or result, and lasts as long as the daemon's",
      "worker. Without NAME, all recordings are listed."
    })
final class ProfileCommand extends Subcommand {

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "The server's name; planaria upstreams lists them.")
  @Nullable String server;

  @Option(
      names = "--session",
      paramLabel = "S",
      description = "The session's name or id; needed only when several use the server.")
  @Nullable String session;

  @Option(names = "--record", description = "Begin a recording of the calls to the server.")
  boolean record;

  @Option(names = "--stop", description = "End the recording; the proposal can still be asked for.")
  boolean stop;

  @Option(names = "--forget", description = "End the recording, and throw it away.")
  boolean forget;

  ProfileCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() throws IOException {
    if (Stream.of(record, stop, forget).filter(asked -> asked).count() > 1) {
      throw new CommandFailure(
          ExitStatus.USAGE, "--record, --stop and --forget exclude each other");
    }
    DaemonClient daemon = DaemonClient.require(dataDirectory());
    String name = server;
    if (name == null) {
      if (record || stop || forget || session != null) {
        throw new CommandFailure(ExitStatus.USAGE, "name the server");
      }
      return list(daemon);
    }
    String path =
        "/api/v1/upstreams/"
            + CallsCommand.encoded(session == null ? sessionOf(daemon, name) : session)
            + "/"
            + CallsCommand.encoded(name);
    if (record) {
      return acted(daemon, path, "start");
    }
    if (stop || forget) {
      return acted(daemon, path, stop ? "stop" : "forget");
    }
    JsonObject proposal = object(daemon.get(path + "/profile"));
    answer(proposal, text(name, proposal));
    return ExitStatus.OK;
  }

  private ExitStatus list(DaemonClient daemon) throws IOException {
    JsonArray recordings =
        daemon.get("/api/v1/recordings") instanceof JsonArray found ? found : JsonArray.EMPTY;
    answer(
        JsonObject.builder().put("recordings", recordings).build(),
        recordings.items().isEmpty()
            ? "nothing is recorded; planaria profile NAME --record begins a recording"
            : TextTable.of(
                    Shown.objects(recordings),
                    "server",
                    "session",
                    "since",
                    "until",
                    "calls",
                    "full")
                .toString());
    return ExitStatus.OK;
  }

  /// The one session that uses the server, or has a recording of it.
  private static String sessionOf(DaemonClient daemon, String name) throws IOException {
    Set<String> found = new TreeSet<>();
    Set<String> names = new TreeSet<>();
    for (JsonObject one : Shown.objects(daemon.get("/api/v1/recordings"))) {
      if (Shown.text(one, "server").equals(Shown.plain(name))) {
        found.add(Shown.text(one, "session_id"));
        names.add(Shown.text(one, "session"));
      }
    }
    for (JsonObject one : Shown.objects(daemon.get("/api/v1/upstreams"))) {
      if (Shown.text(one, "id").equals(Shown.plain(name))) {
        found.add(Shown.text(one, "session_id"));
        names.add(Shown.text(one, "session"));
      }
    }
    if (found.size() == 1) {
      return found.iterator().next();
    }
    throw found.isEmpty()
        ? new CommandFailure(
            ExitStatus.NOT_FOUND,
            "no session uses a server "
                + Shown.plain(name)
                + " now; planaria upstreams lists those in use, and --session names one that will")
        : new CommandFailure(
            ExitStatus.USAGE,
            "several sessions use "
                + Shown.plain(name)
                + ": say which with --session: "
                + String.join(", ", names));
  }

  private ExitStatus acted(DaemonClient daemon, String path, String action) throws IOException {
    JsonObject recording =
        object(daemon.post(path + "/record", JsonObject.builder().put("action", action).build()));
    String of = Shown.text(recording, "server") + " in session " + Shown.text(recording, "session");
    answer(
        recording,
        switch (action) {
          case "start" ->
              "the calls to "
                  + of
                  + " are being recorded, without their values, until --stop or the end of the"
                  + " daemon's worker";
          case "stop" ->
              "the recording of " + of + " has ended with " + calls(recording) + " looked at";
          default -> "the recording of " + of + " is forgotten";
        });
    return ExitStatus.OK;
  }

  private static JsonObject object(JsonValue answered) {
    return answered instanceof JsonObject object ? object : JsonObject.EMPTY;
  }

  private static String calls(JsonObject recording) {
    long calls = Shown.number(recording, "calls");
    return calls == 1 ? "1 call" : calls + " calls";
  }

  private static String text(String name, JsonObject proposal) {
    JsonObject recording = Shown.object(proposal, "recording");
    String until = Shown.text(recording, "until");
    var out = new StringBuilder();
    out.append("A proposal for ")
        .append(Shown.plain(name))
        .append(" in session ")
        .append(Shown.text(recording, "session"))
        .append(", from ")
        .append(calls(recording))
        .append(" since ")
        .append(Shown.text(recording, "since"))
        .append(until.isEmpty() ? "; the recording goes on" : " until " + until)
        .append("\n\n\"planaria\": ")
        .append(plainLines(IndentedJson.of(Shown.object(proposal, "planaria"), "")))
        .append("\n\nWhy\n");
    List<JsonObject> reasons = Shown.objects(proposal, "reasons");
    int member = width(reasons, "member");
    int entry = width(reasons, "entry");
    for (JsonObject reason : reasons) {
      out.append("  ")
          .append(padded(Shown.text(reason, "member"), member))
          .append(padded(Shown.text(reason, "entry"), entry))
          .append(Shown.text(reason, "why"))
          .append('\n');
    }
    out.append("\nNot known\n");
    if (proposal.get("unknowns") instanceof JsonArray(var unknowns)) {
      for (JsonValue unknown : unknowns) {
        if (unknown instanceof JsonString(var sentence)) {
          out.append("  - ").append(Shown.plain(sentence)).append('\n');
        }
      }
    }
    return out.append("\nWARNING: ")
        .append(Shown.text(proposal, "warning"))
        .append("\nTo accept the proposal, put it into the entry of ")
        .append(Shown.plain(name))
        .append(
            " in the file of planaria up --config; the server is then started anew, and what it has"
                + " in memory now is lost, once.")
        .toString();
  }

  /// JSON keeps control characters out by itself, and lets others through.
  private static String plainLines(String json) {
    return String.join("\n", json.lines().map(Shown::plain).toList());
  }

  private static int width(List<JsonObject> rows, String member) {
    return rows.stream().mapToInt(row -> Shown.text(row, member).length()).max().orElse(0);
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length() + 2);
  }
}
