package dev.planaria.app.clients.processes;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonSyntaxException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The MCP Inspector's command line. Each request is a process and a link of its own, so it may be
/// used by several threads.
///
/// @param scratch a directory of this test's own
/// @param url the address of the MCP endpoint
/// @param token the operator's
/// @param era `legacy` or `modern`
public record Inspector(NodeClients node, Path scratch, String url, String token, String era) {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /// Makes one request.
  ///
  /// @param more further words of the command line
  /// @return the result
  /// @throws IOException when the Inspector shows none, with what it said instead
  public JsonObject ask(String method, String... more) throws IOException, InterruptedException {
    var command = new ArrayList<>(node.tool("mcp-inspector", "--cli", url, "--transport", "http"));
    command.addAll(List.of("--protocol-era", era, "--header", "Authorization: Bearer " + token));
    command.addAll(List.of("--format", "json", "--method", method));
    command.addAll(List.of(more));
    NodeClients.Finished finished = NodeClients.run(command, scratch, PATIENCE);
    try {
      if (Json.parseObject(finished.output().strip(), JsonLimits.DEFAULT).get("result")
          instanceof JsonObject result) {
        return result;
      }
    } catch (JsonSyntaxException e) {
      throw new IOException(finished.toString(), e);
    }
    throw new IOException(finished.toString());
  }
}
