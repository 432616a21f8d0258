package dev.planaria.chaos.client;

import dev.planaria.engine.json.JsonObject;
import java.io.IOException;

/// An MCP client that calls tools, however it is connected. Thread-safe.
public interface ToolClient {

  /// Calls a tool.
  ///
  /// @return its structured content
  /// @throws IOException when no answer came; what became of the call is not known then
  /// @throws ToolRefused when the answer is that it was not done
  /// @throws LinkLost when the system does not know this client any more
  JsonObject call(String tool, JsonObject arguments) throws IOException, InterruptedException;
}
