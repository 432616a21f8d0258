package dev.planaria.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Where a legacy MCP server is reached over Streamable HTTP (2025-11-25).
///
/// @param url with the path
/// @param token sent as a bearer token; empty for none
record McpServerAddress(URI url, String token) {

  static McpServerAddress onLoopback(int port, String path, String token) {
    return new McpServerAddress(URI.create("http://127.0.0.1:" + port + path), token);
  }

  SocketAddress socket() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), url.getPort());
  }

  /// Introduces itself, and gives the session's id.
  String initialize() throws IOException {
    try (var connection = new HttpConnection(socket())) {
      HttpConnection.Answer answer =
          connection.send(
              post(
                  "",
                  """
                  {"jsonrpc":"2.0","id":0,"method":"initialize","params":{\
                  "protocolVersion":"2025-11-25","capabilities":{},\
                  "clientInfo":{"name":"bench","version":"1"}}}\
                  """));
      String session = answer.headers().get("mcp-session-id");
      if (answer.status() != 200 || session == null) {
        throw new IOException(url + " answered initialize with " + answer.status());
      }
      connection.send(
          post(session, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}"));
      return session;
    }
  }

  /// A call of a tool in a session.
  byte[] call(String session, int id, String tool, String arguments) {
    return post(
        session,
        """
        {"jsonrpc":"2.0","id":%d,"method":"tools/call",\
        "params":{"name":"%s","arguments":%s}}\
        """
            .formatted(id, tool, arguments));
  }

  private byte[] post(String session, String body) {
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    var head = new StringBuilder();
    head.append("POST ").append(url.getRawPath()).append(" HTTP/1.1\r\nHost: 127.0.0.1:");
    head.append(url.getPort()).append("\r\nContent-Type: application/json\r\n");
    head.append("Accept: application/json, text/event-stream\r\n");
    if (!token.isEmpty()) {
      head.append("Authorization: Bearer ").append(token).append("\r\n");
    }
    if (!session.isEmpty()) {
      head.append("Mcp-Session-Id: ").append(session).append("\r\n");
      head.append("MCP-Protocol-Version: 2025-11-25\r\n");
    }
    head.append("Content-Length: ").append(content.length).append("\r\n\r\n");
    byte[] headBytes = head.toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] whole = Arrays.copyOf(headBytes, headBytes.length + content.length);
    System.arraycopy(content, 0, whole, headBytes.length, content.length);
    return whole;
  }
}
