package dev.planaria.app.gateway;

import dev.planaria.app.gateway.wire.Headers;
import dev.planaria.app.gateway.wire.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A request as a client would send it, changed step by step. Immutable.
@SuppressWarnings("ArrayRecordComponent")
public record Ask(
    String method, String path, List<Map.Entry<String, String>> headers, byte[] body) {
  private static final byte[] NOTHING = new byte[0];

  /// A request with a good token and all usual headers.
  public static Ask of(String method, String path) {
    return new Ask(method, path, List.of(), NOTHING)
        .with("Host", "localhost:7526")
        .with("Authorization", "Bearer " + TestWorker.OPERATOR_TOKEN);
  }

  /// A POST of JSON to `/mcp`.
  public static Ask post(String json) {
    return post(json.getBytes(StandardCharsets.UTF_8));
  }

  /// A POST of bytes to `/mcp`.
  public static Ask post(byte[] body) {
    return of("POST", "/mcp")
        .with("Content-Type", "application/json")
        .with("Accept", "application/json, text/event-stream")
        .body(body);
  }

  /// A modern request with the headers that go with it.
  public static Ask modern(String method, String paramsWithoutMeta) {
    String meta =
        "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientCapabilities\":{}}";
    String params = paramsWithoutMeta.isEmpty() ? meta : meta + "," + paramsWithoutMeta;
    return post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\""
            + method
            + "\",\"params\":{"
            + params
            + "}}")
        .with("MCP-Protocol-Version", "2026-07-28")
        .with("Mcp-Method", method);
  }

  /// A modern call of a tool.
  public static Ask modernCall(String tool, String arguments) {
    return modern("tools/call", "\"name\":\"" + tool + "\",\"arguments\":" + arguments)
        .with("Mcp-Name", tool);
  }

  /// The same with one more header line.
  public Ask with(String name, String value) {
    var more = new ArrayList<>(headers);
    more.add(Map.entry(name, value));
    return new Ask(method, path, List.copyOf(more), body);
  }

  /// The same without a header.
  public Ask without(String name) {
    return new Ask(
        method,
        path,
        headers.stream().filter(line -> !line.getKey().equalsIgnoreCase(name)).toList(),
        body);
  }

  /// The same with another value of a header.
  public Ask instead(String name, String value) {
    return without(name).with(name, value);
  }

  /// The same over a link.
  public Ask over(String link) {
    return with("Mcp-Session-Id", link);
  }

  /// The same to another path.
  public Ask to(String other) {
    return new Ask(method, other, headers, body);
  }

  /// The same with another body.
  public Ask body(byte[] other) {
    return new Ask(method, path, headers, other);
  }

  /// The same as the front would carry it.
  public Ask stamped(String stamp) {
    return with("Planaria-Stamp", stamp);
  }

  RequestHead head() {
    var fields = new Headers.Builder();
    headers.forEach(line -> fields.add(line.getKey(), line.getValue()));
    int question = path.indexOf('?');
    return question < 0
        ? new RequestHead(method, path, "", fields.build())
        : new RequestHead(
            method, path.substring(0, question), path.substring(question + 1), fields.build());
  }
}
