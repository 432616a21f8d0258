package dev.planaria.app.cli;

import dev.planaria.app.daemon.DaemonFile;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Calls over HTTP, at the address of one server: every other one over a legacy link, the rest as a
/// modern client makes them.
final class EchoOverHttp implements EchoCalls {
  private static final String EVENT = "data:";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final AtomicInteger lastId = new AtomicInteger();
  private final URI address;
  private final String token;
  private final String link;

  /// Begins the link.
  ///
  /// @param path where the server is, from the daemon's address
  EchoOverHttp(DaemonFile daemon, String path) throws IOException, InterruptedException {
    address = URI.create(daemon.url() + path);
    token = daemon.token();
    HttpResponse<String> begun =
        send(
            post(
                "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{"
                    + "\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
                    + "\"clientInfo\":{\"name\":\"test\",\"version\":\"1\"}}}",
                null));
    link =
        begun
            .headers()
            .firstValue("Mcp-Session-Id")
            .orElseThrow(() -> new IOException("no link: " + begun + " " + begun.body()));
    send(post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}", link));
  }

  private HttpRequest.Builder post(String body, @Nullable String over) {
    var request =
        HttpRequest.newBuilder(address)
            .timeout(Duration.ofMillis(EchoLedger.DEADLINE_MILLIS))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    return over == null
        ? request
        : request.header("Mcp-Session-Id", over).header("MCP-Protocol-Version", "2025-11-25");
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public List<JsonObject> call(String operation, String tool, String arguments)
      throws IOException, InterruptedException {
    int id = lastId.incrementAndGet();
    boolean modern = id % 2 == 0;
    String body = callOf(Integer.toString(id), operation, tool, arguments, modern);
    HttpRequest.Builder request =
        modern
            ? post(body, null)
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", "tools/call")
                .header("Mcp-Name", tool)
            : post(body, link);
    HttpResponse<String> response = send(request);
    if (response.statusCode() != 200) {
      throw new IOException(response.statusCode() + " " + response.body());
    }
    String type = response.headers().firstValue("Content-Type").orElse("");
    List<String> messages =
        type.startsWith("text/event-stream")
            ? response
                .body()
                .lines()
                .filter(line -> line.startsWith(EVENT))
                .map(line -> line.substring(EVENT.length()).strip())
                .filter(data -> !data.isEmpty())
                .toList()
            : List.of(response.body());
    return messages.stream()
        .map(message -> Json.parseObject(message, JsonLimits.OWN))
        .filter(message -> message.has("id") && !message.has("method"))
        .toList();
  }

  /// A call of a tool as a line.
  ///
  /// @param id as JSON
  static String callOf(String id, String operation, String tool, String arguments, boolean modern) {
    String era =
        modern
            ? ",\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                + "\"io.modelcontextprotocol/clientCapabilities\":{}"
            : "";
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + id
        + ",\"method\":\"tools/call\",\"params\":{\"name\":\""
        + tool
        + "\",\"arguments\":"
        + arguments
        + ",\"_meta\":{\"dev.planaria/operationId\":\""
        + operation
        + "\""
        + era
        + "}}}";
  }

  @Override
  public void close() {
    http.close();
  }
}
