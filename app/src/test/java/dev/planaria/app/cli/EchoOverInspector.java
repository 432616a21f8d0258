package dev.planaria.app.cli;

import dev.planaria.app.clients.processes.Inspector;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Calls by the MCP Inspector, each on a link of its own.
record EchoOverInspector(Inspector inspector) implements EchoCalls.Listing {

  @Override
  public List<String> tools() throws IOException, InterruptedException {
    var names = new ArrayList<String>();
    if (inspector.ask("tools/list").get("tools") instanceof JsonArray(var tools)) {
      tools.forEach(tool -> {
        if (tool instanceof JsonObject described
            && described.get("name") instanceof JsonString(String name)) {
          names.add(name);
        }
      });
    }
    return names;
  }

  @Override
  public List<JsonObject> call(String operation, String tool, String arguments)
      throws IOException, InterruptedException {
    var words = new ArrayList<String>(List.of("--tool-name", tool));
    words.addAll(List.of("--tool-metadata", "dev.planaria/operationId=" + operation));
    Json.parseObject(arguments, JsonLimits.OWN)
        .members()
        .forEach((name, value) -> {
          String text = value instanceof JsonString(String given) ? given : Json.write(value);
          words.addAll(List.of("--tool-arg", name + "=" + text));
        });
    JsonObject result = inspector.ask("tools/call", words.toArray(String[]::new));
    return List.of(JsonObject.builder().put("result", result).build());
  }

  @Override
  public void close() {
    // Each call ended its own process.
  }
}
