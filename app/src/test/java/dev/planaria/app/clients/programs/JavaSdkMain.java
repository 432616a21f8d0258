package dev.planaria.app.clients.programs;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The official Java SDK's client. It never resumes a stream: a call whose stream breaks waits for
/// its time limit, and the next one works.
public final class JavaSdkMain {

  private JavaSdkMain() {}

  /// Does a workload.
  public static void main(String[] arguments) throws Exception {
    LedgerProgram.run(arguments, JavaSdkMain::connect);
  }

  /// Connects; see [JavaClient.Connector].
  public static JavaClient connect(
      String url, String token, long timeoutMillis, JavaClient.OnLink onLink) {
    URI uri = URI.create(url);
    var transport =
        HttpClientStreamableHttpTransport.builder(uri.resolve("/").toString())
            .endpoint(uri.getPath())
            .addHttpRequestCustomizer((request, _, _, body, _) -> {
              request.header("Authorization", "Bearer " + token);
              LedgerLines.callIn(body)
                  .ifPresent(call -> request.header(LedgerLines.CALL_HEADER, call));
              onLink.on(request.copy().build().headers().firstValue("mcp-session-id").orElse(null));
            })
            .build();
    McpSyncClient client =
        McpClient.sync(transport)
            .requestTimeout(Duration.ofMillis(timeoutMillis))
            .clientInfo(McpSchema.Implementation.builder("ledger-java-sdk", "2.1.0").build())
            .build();
    client.initialize();
    return new Connected(client);
  }

  private record Connected(McpSyncClient client) implements JavaClient {
    @Override
    public List<String> tools() {
      return client.listTools().tools().stream().map(McpSchema.Tool::name).toList();
    }

    @Override
    public Result call(String tool, Map<String, Object> arguments, Map<String, Object> meta) {
      McpSchema.CallToolResult result =
          client.callTool(
              McpSchema.CallToolRequest.builder(tool)
                  .arguments(arguments)
                  .meta(meta.isEmpty() ? null : meta)
                  .build());
      return new Result(
          result.structuredContent() instanceof Map<?, ?> content ? content : Map.of(),
          result.content().stream()
              .filter(McpSchema.TextContent.class::isInstance)
              .map(item -> ((McpSchema.TextContent) item).text())
              .toList(),
          Boolean.TRUE.equals(result.isError()),
          Objects.requireNonNullElse(result.meta(), Map.of()),
          String.valueOf(result));
    }

    @Override
    public void close() {
      client.close();
    }
  }
}
