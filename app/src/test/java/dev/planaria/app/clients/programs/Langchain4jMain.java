package dev.planaria.app.clients.programs;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.mcp.client.DefaultMcpClient;
import dev.langchain4j.mcp.client.transport.http.StreamableHttpMcpTransport;
import dev.langchain4j.service.tool.ToolExecutionResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// langchain4j's client. A call whose stream breaks fails at once, and the next one works; a call
/// that takes too long *returns*, with words about the time, which is why only a receipt counts.
public final class Langchain4jMain {

  /// The call that a thread is making; the client asks for headers in that thread.
  private static final ThreadLocal<Map<String, String>> CALL_HEADERS =
      ThreadLocal.withInitial(Map::of);

  /// The same for `_meta`.
  private static final ThreadLocal<Map<String, Object>> CALL_META =
      ThreadLocal.withInitial(Map::of);

  private Langchain4jMain() {}

  /// Does a workload.
  public static void main(String[] arguments) throws Exception {
    LedgerProgram.run(arguments, Langchain4jMain::connect);
  }

  /// Connects; see [JavaClient.Connector].
  public static JavaClient connect(
      String url, String token, long timeoutMillis, JavaClient.OnLink onLink) {
    var transport =
        StreamableHttpMcpTransport.builder()
            .url(url)
            .customHeaders(() -> headers(token))
            .setHttpVersion1_1()
            .timeout(Duration.ofMillis(timeoutMillis))
            .build();
    var client =
        DefaultMcpClient.builder()
            .transport(transport)
            .clientName("ledger-langchain4j")
            .toolExecutionTimeout(Duration.ofMillis(timeoutMillis))
            .autoHealthCheck(false)
            .metaSupplier(_ -> CALL_META.get())
            .build();
    return new Connected(client, transport, onLink);
  }

  private static Map<String, String> headers(String token) {
    var headers = new HashMap<>(CALL_HEADERS.get());
    headers.put("Authorization", "Bearer " + token);
    return headers;
  }

  private record Connected(
      DefaultMcpClient client, StreamableHttpMcpTransport transport, OnLink onLink)
      implements JavaClient {
    @Override
    public List<String> tools() {
      return client.listTools().stream().map(ToolSpecification::name).toList();
    }

    @Override
    public Result call(String tool, Map<String, Object> arguments, Map<String, Object> meta) {
      CALL_META.set(meta);
      CALL_HEADERS.set(
          Map.of(LedgerLines.CALL_HEADER, String.valueOf(arguments.get("operation_id"))));
      ToolExecutionResult result =
          client.executeTool(
              ToolExecutionRequest.builder()
                  .name(tool)
                  .arguments(LedgerLines.write(arguments))
                  .build());
      onLink.on(transport.getMcpSessionId());
      return new Result(
          result.result() instanceof Map<?, ?> content ? content : Map.of(),
          String.valueOf(result.resultText()).lines().toList(),
          result.isError(),
          Map.of(),
          String.valueOf(result.resultText()));
    }

    @Override
    public void close() {
      try {
        client.close();
      } catch (Exception e) {
        throw new IllegalStateException("the client does not close", e);
      }
    }
  }
}
