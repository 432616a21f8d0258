package dev.planaria.app.cli.scratch;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonSyntaxException;
import dev.planaria.engine.json.JsonValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A plain MCP client (2025-11-25, Streamable HTTP). It neither resumes streams nor repeats calls
/// by itself: a broken connection is an [IOException], so that the demo sees what any client would
/// see. Thread-safe.
final class McpClient {

  private static final String VERSION = "2025-11-25";

  /// As long as the clients of today wait.
  private static final int PATIENCE_MILLIS = 60_000;

  private final String url;
  private final String token;
  private final String link;
  private final AtomicLong ids = new AtomicLong(1);

  private McpClient(String url, String token, String link) {
    this.url = url;
    this.token = token;
    this.link = link;
  }

  /// A tool said that it could not do what was asked.
  static final class ToolFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ToolFailed(String tool, String message) {
      super(tool + ": " + message);
    }
  }

  /// Shakes hands; the link that this gives is used for everything that follows.
  static McpClient connect(String url, String token) throws IOException {
    var fresh = new McpClient(url, token, "");
    var hello =
        JsonObject.builder()
            .put("protocolVersion", VERSION)
            .put("capabilities", JsonObject.EMPTY)
            .put(
                "clientInfo",
                JsonObject.builder().put("name", "planaria-demo").put("version", "1").build())
            .build();
    HttpURLConnection connection = fresh.post(fresh.request("initialize", hello, 0L));
    fresh.answer(connection, 0);
    String link = connection.getHeaderField("Mcp-Session-Id");
    if (link == null) {
      throw new IOException("the daemon gave no Mcp-Session-Id");
    }
    var client = new McpClient(url, token, link);
    HttpURLConnection told =
        client.post(client.request("notifications/initialized", JsonObject.EMPTY, null));
    if (told.getResponseCode() != HttpURLConnection.HTTP_ACCEPTED) {
      throw new IOException("the handshake was answered with " + told.getResponseCode());
    }
    return client;
  }

  /// The `Mcp-Session-Id`.
  String link() {
    return link;
  }

  /// Calls a tool.
  ///
  /// @return its structured content
  /// @throws ToolFailed when the tool says so, or the daemon refuses the call
  /// @throws IOException when no answer arrived; what became of the call is not known then
  JsonObject call(String tool, JsonObject arguments) throws IOException {
    long id = ids.getAndIncrement();
    var params = JsonObject.builder().put("name", tool).put("arguments", arguments).build();
    JsonObject answer = answer(post(request("tools/call", params, id)), id);
    if (answer.get("error") instanceof JsonObject error) {
      throw new ToolFailed(tool, Json.write(error));
    }
    if (!(answer.get("result") instanceof JsonObject result)) {
      throw new ToolFailed(tool, "the answer has neither result nor error");
    }
    if (JsonBoolean.of(true).equals(result.get("isError"))) {
      throw new ToolFailed(tool, Json.write(result));
    }
    return result.get("structuredContent") instanceof JsonObject content
        ? content
        : JsonObject.EMPTY;
  }

  private JsonObject request(String method, JsonObject params, @Nullable Long id) {
    return JsonObject.builder()
        .put("jsonrpc", "2.0")
        .put("id", id == null ? null : JsonNumber.of(id))
        .put("method", method)
        .put("params", params)
        .build();
  }

  private HttpURLConnection post(JsonObject message) throws IOException {
    var connection = (HttpURLConnection) URI.create(url + "/mcp").toURL().openConnection();
    byte[] body = Json.writeBytes(message);
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.setConnectTimeout(PATIENCE_MILLIS);
    connection.setReadTimeout(PATIENCE_MILLIS);
    connection.setRequestProperty("Authorization", "Bearer " + token);
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setRequestProperty("Accept", "application/json, text/event-stream");
    if (!link.isEmpty()) {
      connection.setRequestProperty("Mcp-Session-Id", link);
      connection.setRequestProperty("MCP-Protocol-Version", VERSION);
    }
    // A fixed length also keeps the connection from sending a POST twice by itself.
    connection.setFixedLengthStreamingMode(body.length);
    connection.getOutputStream().write(body);
    return connection;
  }

  /// Reads the answer to a request, be it plain JSON or an event in a stream.
  private JsonObject answer(HttpURLConnection connection, long id) throws IOException {
    int status = connection.getResponseCode();
    if (status != HttpURLConnection.HTTP_OK) {
      throw new IOException("the daemon answered with status " + status);
    }
    String type = String.valueOf(connection.getContentType());
    try (var lines =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
      return type.startsWith("text/event-stream")
          ? fromEvents(lines, id)
          : parse(lines.readAllAsString());
    }
  }

  /// Server-sent events (HTML Standard, section 9.2): fields in lines, an empty line ends an event.
  private static JsonObject fromEvents(BufferedReader lines, long id) throws IOException {
    var data = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("data:")) {
        data.append(line.substring("data:".length()).strip());
      } else if (line.isEmpty() && !data.isEmpty()) {
        JsonObject message = parse(data.toString());
        if (JsonNumber.of(id).equals(message.get("id"))) {
          return message;
        }
        data.setLength(0);
      }
    }
    throw new IOException("the stream ended before the answer");
  }

  private static JsonObject parse(String text) throws IOException {
    try {
      JsonValue value = Json.parse(text, JsonLimits.OWN);
      if (value instanceof JsonObject object) {
        return object;
      }
      throw new IOException("an answer is no JSON object");
    } catch (JsonSyntaxException broken) {
      throw new IOException("an answer is no JSON: " + broken.getMessage(), broken);
    }
  }
}
