package dev.planaria.app.gateway.replay;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A server that answers as `ruv-swarm` does: ids of milliseconds, results as JSON in a text item.
/// It forgets everything when it is made anew, and refuses an agent for a swarm that it does not
/// know. An agent without a name is named after its id.
final class Swarm {

  private final List<String> swarms = new ArrayList<>();
  private final List<String> agents = new ArrayList<>();
  private final List<String> tasks = new ArrayList<>();
  private long clock;

  Swarm(long clock) {
    this.clock = clock;
  }

  /// A result as it travels: an object with one text item.
  String call(String tool, String params) {
    JsonObject arguments =
        (JsonObject)
            Objects.requireNonNull(Json.parseObject(params, JsonLimits.DEFAULT).get("arguments"));
    clock += 13;
    return switch (tool) {
      case "swarm_init" -> init();
      case "agent_spawn" -> spawn(arguments);
      case "task_orchestrate" -> orchestrate(arguments);
      case "agent_list" -> result("{\"total\":%d,\"agents\":%s}".formatted(agents.size(), list()));
      case "task_status" -> status(arguments);
      default -> throw new IllegalArgumentException(tool);
    };
  }

  private String init() {
    String id = id("swarm", swarms);
    return result(
        """
        {
          "id": "%s",
          "message": "Successfully initialized %s",
          "created": "2026-11-22T10:00:00.000Z", "at": %d,
          "performance": {"initialization_time_ms": 0.50}
        }\
        """
            .formatted(id, id, clock));
  }

  private String spawn(JsonObject arguments) {
    if (swarms.isEmpty()
        || (arguments.get("swarmId") instanceof JsonString(var swarm) && !swarms.contains(swarm))) {
      return "{\"content\":[{\"type\":\"text\",\"text\":\"no such swarm\"}],\"isError\":true}";
    }
    String id = id("agent", agents);
    return result(
        """
        {"agent": {"id": "%s", "neural_network_id": "nn-%d", "name": %s},
         "swarm_info": {"id": "%s", "agent_count": %d}, "message": "spawned %s"}\
        """
            .formatted(
                id,
                clock,
                Json.write(Objects.requireNonNullElse(arguments.get("name"), new JsonString(id))),
                swarms.getLast(),
                agents.size(),
                id));
  }

  private String orchestrate(JsonObject arguments) {
    String id = id("task", tasks);
    var chosen = new ArrayList<>(agents);
    if (clock % 2 == 0) {
      chosen.sort((one, other) -> other.compareTo(one));
    }
    return result(
        "{\"taskId\": \"%s\", \"assigned_agents\": %s, \"task\": %s, \"swarm_info\": {\"id\": \"%s\"}}"
            .formatted(
                id,
                Json.write(JsonArray.ofStrings(chosen)),
                Json.write(Objects.requireNonNull(arguments.get("task"))),
                swarms.getLast()));
  }

  private String status(JsonObject arguments) {
    boolean known = arguments.get("taskId") instanceof JsonString(var task) && tasks.contains(task);
    return known
        ? result("{\"taskId\":" + Json.write(Objects.requireNonNull(arguments.get("taskId"))) + "}")
        : "{\"content\":[{\"type\":\"text\",\"text\":\"Task not found\"}],\"isError\":true}";
  }

  private String list() {
    var items = new ArrayList<JsonValue>();
    agents.forEach(id -> items.add(JsonObject.builder().put("id", id).build()));
    return Json.write(new JsonArray(items));
  }

  private String id(String kind, List<String> into) {
    String id = kind + "-" + clock;
    into.add(id);
    return id;
  }

  private static String result(String json) {
    return "{\"content\":[{\"type\":\"text\",\"text\":" + Json.write(new JsonString(json)) + "}]}";
  }

  /// The parameters of a call.
  static String params(String tool, String arguments) {
    return "{\"name\":\"" + tool + "\", \"arguments\":" + arguments.replace('\'', '"') + "}";
  }
}
