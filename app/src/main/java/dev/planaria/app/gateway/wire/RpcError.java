package dev.planaria.app.gateway.wire;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import org.jspecify.annotations.Nullable;

/// A JSON-RPC error answer (JSON-RPC 2.0 section 5.1; MCP 2026-07-28, basic, "Error Codes").
/// Nothing was changed.
public final class RpcError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// The message is no JSON.
  public static final int PARSE = -32700;

  /// The message is JSON, but no request.
  public static final int INVALID_REQUEST = -32600;

  /// There is no such method.
  public static final int METHOD_NOT_FOUND = -32601;

  /// The method exists, its parameters are wrong.
  public static final int INVALID_PARAMS = -32602;

  /// The server failed.
  public static final int INTERNAL = -32603;

  /// No such resource, as clients up to 2025-11-25 expect it.
  public static final int RESOURCE_NOT_FOUND_LEGACY = -32002;

  /// A header says something else than the body (2026-07-28).
  public static final int HEADER_MISMATCH = -32020;

  /// The request's protocol version is not spoken here (2026-07-28).
  public static final int UNSUPPORTED_VERSION = -32022;

  /// The JSON-RPC error code.
  private final int code;

  /// The HTTP status that carries it.
  private final int httpStatus;

  private final transient @Nullable JsonObject data;

  /// @param code the JSON-RPC error code
  /// @param httpStatus the HTTP status that carries it
  /// @param message what is wrong, in a sentence
  /// @param data more for programs, or null
  public RpcError(int code, int httpStatus, String message, @Nullable JsonObject data) {
    super(message);
    this.code = code;
    this.httpStatus = httpStatus;
    this.data = data;
  }

  /// The body is not JSON within the limits.
  public static RpcError parse(String message) {
    return new RpcError(PARSE, 400, message, null);
  }

  /// The body is JSON, but not a JSON-RPC message that is allowed here.
  public static RpcError invalidRequest(String message) {
    return new RpcError(INVALID_REQUEST, 400, message, null);
  }

  /// Unknown method. Modern clients expect status 404, legacy ones an ordinary answer.
  public static RpcError methodNotFound(String method, int httpStatus) {
    return new RpcError(
        METHOD_NOT_FOUND, httpStatus, "there is no method " + shortened(method), null);
  }

  /// Wrong parameters of a known method.
  public static RpcError invalidParams(String message) {
    return new RpcError(INVALID_PARAMS, 200, message, null);
  }

  /// The `_meta` that each modern request must carry is missing or wrong.
  public static RpcError invalidMeta(String message) {
    return new RpcError(INVALID_PARAMS, 400, message, null);
  }

  /// A header that is missing, or that does not say what the body says.
  public static RpcError headerMismatch(String message) {
    return new RpcError(HEADER_MISMATCH, 400, message, null);
  }

  /// A protocol version that is not spoken here.
  public static RpcError unsupportedVersion(String requested) {
    return new RpcError(
        UNSUPPORTED_VERSION,
        400,
        "protocol version " + shortened(requested) + " is not supported; see data.supported",
        JsonObject.builder()
            .put("supported", JsonArray.ofStrings(ProtocolVersion.modernTexts()))
            .put("requested", requested)
            .build());
  }

  /// Something broke here; the log has the details.
  public static RpcError internal() {
    return new RpcError(
        INTERNAL, 500, "an internal error occurred; its details are in the server's log", null);
  }

  /// The JSON-RPC error code.
  public int code() {
    return code;
  }

  /// The HTTP status that carries it.
  public int httpStatus() {
    return httpStatus;
  }

  /// More for programs, or null.
  public @Nullable JsonObject data() {
    return data;
  }

  /// A text that may be repeated to its sender without repeating a megabyte.
  public static String shortened(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100) + "...";
  }
}
