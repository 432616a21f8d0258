package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "inspect",
    description = "Show a session: its agents, tasks, connections and memory.")
final class InspectCommand extends Subcommand {

  /// More rows of a kind are counted, not shown; `--json` has them all.
  private static final int SHOWN_ROWS = 50;

  @Parameters(paramLabel = "SESSION", description = "The session's name or id.")
  String session = "";

  InspectCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() throws IOException {
    try (SessionSource source = SessionSource.of(dataDirectory(), environment)) {
      JsonObject found = source.session(session);
      answer(found, text(found));
      return ExitStatus.OK;
    }
  }

  private static String text(JsonObject session) {
    JsonObject head = Shown.object(session, "head");
    JsonObject configuration = Shown.object(session, "configuration");
    String top =
        "session   "
            + Shown.text(session, "name")
            + " ("
            + Shown.text(session, "session_id")
            + ")\n"
            + "status    "
            + Shown.text(session, "status")
            + "\n"
            + "swarm     "
            + Shown.text(configuration, "topology")
            + ", "
            + Shown.text(configuration, "strategy")
            + ", at most "
            + Shown.text(configuration, "max_agents")
            + " agents\n"
            + "head      "
            + Shown.text(head, "seq")
            + "  "
            + Shown.text(head, "hash")
            + "\n"
            + "created   "
            + Shown.text(session, "created_at")
            + "\n"
            + "updated   "
            + Shown.text(session, "updated_at")
            + "\n";
    return top
        + part(session, "agents", "agent_id", "type", "name", "status", "current_task")
        + part(
            session,
            "tasks",
            "task_id",
            "status",
            "priority",
            "progress",
            "assignee",
            "attempts",
            "description")
        + part(session, "connections", "id", "status", "since", "era", "transport", "reason")
        + part(session, "memory", "namespace", "key", "version", "value");
  }

  private static String part(JsonObject session, String name, String... columns) {
    List<JsonObject> rows = Shown.objects(session, name);
    long all = Math.max(rows.size(), Shown.number(Shown.object(session, "counts"), name));
    String heading = "\n" + name + ": " + all + "\n";
    if (rows.isEmpty()) {
      return heading;
    }
    List<JsonObject> first = rows.subList(0, Math.min(SHOWN_ROWS, rows.size()));
    String rest = all > first.size() ? "(and " + (all - first.size()) + " more)\n" : "";
    return heading + TextTable.of(first, columns) + rest;
  }
}
