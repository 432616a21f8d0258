package dev.planaria.app.gateway.wire;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// A whole HTTP answer.
///
/// @param status the HTTP status
/// @param headers header fields besides the length, each with its one value
/// @param body the body; empty for none
@SuppressWarnings("ArrayRecordComponent") // written once, then handed to the socket
public record HttpAnswer(int status, Map<String, String> headers, byte[] body) {
  private static final byte[] NOTHING = new byte[0];

  /// An answer without a body.
  public static HttpAnswer empty(int status) {
    return new HttpAnswer(status, Map.of(), NOTHING);
  }

  /// A JSON answer from bytes that are JSON already.
  public static HttpAnswer json(int status, byte[] body) {
    return new HttpAnswer(status, Map.of("Content-Type", "application/json"), body);
  }

  /// A JSON answer.
  public static HttpAnswer json(int status, JsonValue body) {
    return json(status, Rpc.bytes(body));
  }

  /// A JSON answer `{"error": {"code", "message"}}` for what is not JSON-RPC.
  public static HttpAnswer error(int status, String code, String message) {
    return json(
        status,
        JsonObject.builder()
            .put("error", JsonObject.builder().put("code", code).put("message", message).build())
            .build());
  }

  /// A plain text answer.
  public static HttpAnswer text(int status, String text) {
    return new HttpAnswer(
        status,
        Map.of("Content-Type", "text/plain; charset=utf-8"),
        text.getBytes(StandardCharsets.UTF_8));
  }

  /// The same answer with one more header field.
  public HttpAnswer with(String name, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new HttpAnswer(status, more, body);
  }
}
