package dev.planaria.app.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.clients.processes.DaemonProcess;
import dev.planaria.app.clients.processes.DaemonSetup;
import dev.planaria.app.clients.processes.Inspector;
import dev.planaria.app.clients.processes.NodeClients;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The MCP Inspector's command line, the client with which people first look at a server.
class InspectorTest {

  @TempDir Path scratch;

  @ParameterizedTest
  @ValueSource(strings = {"legacy", "modern"})
  @Timeout(180)
  void the_inspector_lists_the_tools_and_calls_one(String era) throws Exception {
    NodeClients node = NodeClients.ready();
    try (DaemonProcess daemon = DaemonProcess.start(DaemonSetup.whole(scratch))) {
      var inspector = new Inspector(node, scratch, daemon.url() + "/mcp", daemon.token(), era);
      JsonObject tools = inspector.ask("tools/list");
      JsonObject session =
          inspector.ask(
              "tools/call", "--tool-name", "session_open", "--tool-arg", "name=inspected");
      daemon.stop();
      assertThat(names(tools)).contains("session_open", "agent_spawn", "memory_store");
      assertThat(session.get("structuredContent"))
          .isInstanceOfSatisfying(
              JsonObject.class,
              content -> {
                assertThat(content.get("name")).isEqualTo(new JsonString("inspected"));
                assertThat(content.get("receipt")).isInstanceOf(JsonObject.class);
              });
    }
  }

  private static List<String> names(JsonObject result) {
    var names = new ArrayList<String>();
    if (result.get("tools") instanceof JsonArray(var tools)) {
      tools.forEach(tool -> {
        if (tool instanceof JsonObject described
            && described.get("name") instanceof JsonString(String name)) {
          names.add(name);
        }
      });
    }
    return names;
  }
}
