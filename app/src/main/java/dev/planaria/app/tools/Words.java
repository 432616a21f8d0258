package dev.planaria.app.tools;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.json.WireName;
import dev.planaria.engine.recovery.RecoveryRun;
import dev.planaria.engine.state.Agent;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.state.Task;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// The engine's records in a line of text each, ids first.
final class Words {
  private static final int SHOWN_CHARACTERS = 200;
  private static final int SHOWN_VALUE_CHARACTERS = 20_000;
  private static final int SHOWN_NAME_CHARACTERS = 64;
  private static final int SHOWN_IDS = 20;

  private Words() {}

  /// An agent.
  static String agent(Agent agent) {
    return agent.id()
        + " "
        + agent.type()
        + " \""
        + agent.name()
        + "\" is "
        + WireName.of(agent.status())
        + (agent.currentTask() == null ? "" : ", works on " + agent.currentTask());
  }

  /// A task.
  static String task(Task task) {
    return task.id()
        + " is "
        + WireName.of(task.status())
        + " ("
        + WireName.of(task.priority())
        + ", "
        + task.progressPercent()
        + " %"
        + (task.assignee() == null ? "" : ", " + task.assignee())
        + "): "
        + shortened(task.description());
  }

  /// What a task came to, if it ended.
  static String outcome(Task task) {
    if (task.result() != null) {
      return "\nresult: " + text(task.result());
    }
    return task.error() == null ? "" : "\nerror: " + shortened(task.error());
  }

  /// A line of a list of agents, as [Views#agent] wrote them.
  static String agentLine(JsonValue agent) {
    return field(agent, "agent_id")
        + " "
        + field(agent, "type")
        + " "
        + field(agent, "status")
        + " \""
        + field(agent, "name")
        + "\" "
        + field(agent, "current_task");
  }

  /// A line of a list of tasks, as [Views#task] wrote them.
  static String taskLine(JsonValue task) {
    return field(task, "task_id")
        + " "
        + field(task, "status")
        + " "
        + field(task, "priority")
        + " "
        + field(task, "progress")
        + "% "
        + field(task, "assignee")
        + ": "
        + field(task, "description");
  }

  /// A member of an object in a few words; nothing when it is not there.
  static String field(JsonValue object, String name) {
    return object instanceof JsonObject(Map<String, JsonValue> members)
        ? switch (members.get(name)) {
          case null -> "";
          case JsonString(String text) -> shortened(text);
          case JsonValue other -> shortened(Json.write(other));
        }
        : "";
  }

  /// A value as far as it is good to read; `structuredContent` has all of it.
  static String text(JsonValue value) {
    String text = value instanceof JsonString(String plain) ? plain : Json.write(value);
    return text.length() <= SHOWN_VALUE_CHARACTERS
        ? text
        : text.substring(0, SHOWN_VALUE_CHARACTERS)
            + "... ("
            + text.length()
            + " characters in all; structuredContent has them)";
  }

  /// A memory key.
  static String key(MemoryKey key) {
    return "\"" + key.key() + "\" in namespace \"" + key.namespace() + "\"";
  }

  /// A configuration.
  static String configuration(SwarmConfiguration configuration) {
    return WireName.of(configuration.topology())
        + ", at most "
        + configuration.maxAgents()
        + " agents, "
        + configuration.strategy();
  }

  /// Ids of things; only the first few of many.
  static <T> String ids(List<T> things, Function<T, String> id) {
    if (things.isEmpty()) {
      return "none";
    }
    String shown = String.join(", ", things.stream().limit(SHOWN_IDS).map(id).toList());
    return things.size() <= SHOWN_IDS
        ? shown
        : shown + " and " + (things.size() - SHOWN_IDS) + " more";
  }

  /// The beginning of a long text.
  static String shortened(String text) {
    return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "...";
  }

  /// A stranger's name, short and in ASCII, so that it can stand in a sentence.
  static String plain(String name) {
    String ascii = name.replaceAll("[^ -~]", "?");
    return ascii.length() <= SHOWN_NAME_CHARACTERS
        ? ascii
        : ascii.substring(0, SHOWN_NAME_CHARACTERS) + "...";
  }

  /// How far the recovery after a crash has come.
  static String progress(RecoveryRun run) {
    return "recovery after the last crash is under way: "
        + run.sessionsRecovered()
        + " sessions recovered, "
        + run.sessionsWaiting()
        + " waiting, "
        + run.sessionsFailed()
        + " failed";
  }
}
