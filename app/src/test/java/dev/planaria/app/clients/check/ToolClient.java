package dev.planaria.app.clients.check;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// Asks a daemon's tools in the modern era, one question a time: the smallest client that can. Used
/// by one thread.
public final class ToolClient implements AutoCloseable {

  private static final String VERSION = "2026-07-28";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI endpoint;
  private final String token;
  private long id;

  /// A client of that daemon; it connects with its first question.
  ///
  /// @param url where the daemon answers, without a slash at the end
  public ToolClient(String url, String token) {
    this.endpoint = URI.create(url + "/mcp");
    this.token = token;
  }

  /// Calls a tool.
  ///
  /// @return its `structuredContent`
  public JsonObject call(String tool, JsonObject arguments)
      throws IOException, InterruptedException {
    JsonObject meta =
        JsonObject.builder()
            .put("io.modelcontextprotocol/protocolVersion", VERSION)
            .put("io.modelcontextprotocol/clientCapabilities", JsonObject.EMPTY)
            .build();
    JsonObject params =
        JsonObject.builder()
            .put("name", tool)
            .put("arguments", arguments)
            .put("_meta", meta)
            .build();
    JsonObject request =
        JsonObject.builder()
            .put("jsonrpc", "2.0")
            .put("id", ++id)
            .put("method", "tools/call")
            .put("params", params)
            .build();
    HttpResponse<byte[]> response =
        http.send(
            HttpRequest.newBuilder(endpoint)
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("MCP-Protocol-Version", VERSION)
                .header("Mcp-Method", "tools/call")
                .header("Mcp-Name", tool)
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.writeBytes(request)))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    JsonObject answer = Json.parseObject(response.body(), JsonLimits.DEFAULT);
    if (answer.get("result") instanceof JsonObject result
        && result.get("structuredContent") instanceof JsonObject content) {
      return content;
    }
    throw new AssertionError(tool + " answered " + response.statusCode() + " " + answer);
  }

  @Override
  public void close() {
    http.close();
  }
}
