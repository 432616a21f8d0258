package dev.planaria.app.front;

import dev.planaria.engine.json.JsonNull;
import dev.planaria.engine.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A request that the front itself answers with an error: a status, and one sentence that says what
/// was wrong or what to do. Carries no stack trace, since bad input must stay cheap.
final class Refusal extends Exception {

  private static final long serialVersionUID = 1;

  private final int status;
  private final boolean closes;

  private Refusal(int status, boolean closes, String sentence) {
    super(sentence, null, false, false);
    this.status = status;
    this.closes = closes;
  }

  /// Refuses a request after which the connection cannot be trusted or is not worth keeping.
  static Refusal closing(int status, String sentence) {
    return new Refusal(status, true, sentence);
  }

  /// Refuses a request that was read whole; the connection can go on.
  static Refusal of(int status, String sentence) {
    return new Refusal(status, false, sentence);
  }

  int status() {
    return status;
  }

  /// True when the connection must be closed after the answer.
  boolean closes() {
    return closes;
  }

  /// The answer to send.
  Answer answer() {
    return new Answer(status, extraHeader(), body(status, sentence()));
  }

  String sentence() {
    return String.valueOf(getMessage());
  }

  private @Nullable Header extraHeader() {
    return switch (status) {
      case 401 -> new Header("WWW-Authenticate", "Bearer");
      case 405 -> new Header("Allow", "GET, HEAD, POST, DELETE, OPTIONS");
      case 503 -> new Header("Retry-After", "5");
      default -> null;
    };
  }

  /// A JSON-RPC error without an id, so that clients of MCP can show it. Its code is the HTTP
  /// status below -33000, outside the range that JSON-RPC reserves.
  private static byte[] body(int status, String sentence) {
    var error =
        JsonObject.builder().put("code", -33_000L - status).put("message", sentence).build();
    var envelope =
        JsonObject.builder()
            .put("jsonrpc", "2.0")
            .put("error", error)
            .put("id", JsonNull.NULL)
            .build();
    return FrontJson.write(envelope).getBytes(StandardCharsets.UTF_8);
  }
}
