package dev.planaria.app.gateway.wire;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonSyntaxException;
import dev.planaria.engine.json.JsonValue;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads and writes JSON-RPC 2.0 envelopes.
public final class Rpc {
  private static final String VERSION = "2.0";

  /// About what stands around the parameters or the content.
  private static final int ENVELOPE_BYTES = 128;

  private Rpc() {}

  /// Parses a body: one JSON document in UTF-8 and nothing else.
  ///
  /// @throws RpcError when it is not, or exceeds a limit
  public static JsonValue parse(byte[] body, JsonLimits limits) {
    try {
      return Json.parse(body, limits);
    } catch (JsonSyntaxException e) {
      throw RpcError.parse("the body is not acceptable JSON: " + e.getMessage());
    }
  }

  /// Reads one message out of its JSON value.
  ///
  /// @throws RpcError when it is no JSON-RPC 2.0 message as MCP allows it
  public static RpcMessage read(JsonValue value) {
    if (!(value instanceof JsonObject object)) {
      throw RpcError.invalidRequest("a JSON-RPC message must be an object");
    }
    if (!(object.get("jsonrpc") instanceof JsonString(String version))
        || !version.equals(VERSION)) {
      throw RpcError.invalidRequest("jsonrpc must be \"2.0\"");
    }
    if (object.has("method")) {
      return readCall(object);
    }
    boolean result = object.has("result");
    if (result == object.has("error")) {
      throw RpcError.invalidRequest("a message needs a method, or exactly one of result and error");
    }
    return new RpcMessage.Response(new RpcId(required(object, "id")));
  }

  private static RpcMessage readCall(JsonObject object) {
    if (object.has("result") || object.has("error")) {
      throw RpcError.invalidRequest("a message with a method has neither result nor error");
    }
    if (!(object.get("method") instanceof JsonString(String method))) {
      throw RpcError.invalidRequest("method must be a string");
    }
    JsonObject params =
        switch (object.get("params")) {
          case null -> JsonObject.EMPTY;
          case JsonObject given -> given;
          default -> throw RpcError.invalidRequest("params must be an object");
        };
    JsonValue id = object.get("id");
    return id == null
        ? new RpcMessage.Notification(method, params)
        : new RpcMessage.Request(new RpcId(id), method, params);
  }

  /// The id of a message that could not be read otherwise, so that its sender can match the error;
  /// null when there is none.
  public static @Nullable RpcId idOf(JsonValue value) {
    if (value instanceof JsonObject object) {
      JsonValue id = object.get("id");
      if (id != null) {
        try {
          return new RpcId(id);
        } catch (RpcError e) {
          return null; // not an id: the error is told without one
        }
      }
    }
    return null;
  }

  private static JsonValue required(JsonObject object, String name) {
    JsonValue value = object.get(name);
    if (value == null) {
      throw RpcError.invalidRequest(name + " is missing");
    }
    return value;
  }

  /// The answer to a request that went well.
  public static JsonObject result(RpcId id, JsonObject result) {
    return JsonObject.builder()
        .put("jsonrpc", VERSION)
        .put("id", id.value())
        .put("result", result)
        .build();
  }

  /// The answer to a request that did not; without an id when none could be read (MCP leaves it out
  /// where JSON-RPC 2.0 writes null, and several clients refuse null).
  public static JsonObject error(@Nullable RpcId id, RpcError error) {
    return JsonObject.builder()
        .put("jsonrpc", VERSION)
        .put("id", id == null ? null : id.value())
        .put(
            "error",
            JsonObject.builder()
                .put("code", error.code())
                .put("message", String.valueOf(error.getMessage()))
                .put("data", error.data())
                .build())
        .build();
  }

  /// A message that wants no answer.
  public static JsonObject notification(String method, JsonObject params) {
    return JsonObject.builder()
        .put("jsonrpc", VERSION)
        .put("method", method)
        .put("params", params)
        .build();
  }

  /// A value as UTF-8 JSON on one line.
  public static byte[] bytes(JsonValue value) {
    return Json.writeBytes(value);
  }

  /// A value as JSON on one line.
  public static String text(JsonValue value) {
    return Json.write(value);
  }

  /// A message whose parameters are passed on as they are.
  ///
  /// @param id null when no answer is wanted
  public static byte[] message(@Nullable RpcId id, String method, RawObject params) {
    var out = new ByteArrayOutputStream(params.length() + ENVELOPE_BYTES);
    begin(out, id);
    write(out, ",\"method\":" + Json.write(new JsonString(method)) + ",\"params\":");
    params.writeTo(out);
    out.write('}');
    return out.toByteArray();
  }

  /// An answer whose content is passed on as it is.
  ///
  /// @param member `result` or `error`
  public static byte[] answer(RpcId id, String member, RawObject content) {
    var out = new ByteArrayOutputStream(content.length() + ENVELOPE_BYTES);
    begin(out, id);
    write(out, ",\"" + member + "\":");
    content.writeTo(out);
    out.write('}');
    return out.toByteArray();
  }

  private static void begin(ByteArrayOutputStream out, @Nullable RpcId id) {
    write(out, "{\"jsonrpc\":\"2.0\"");
    if (id != null) {
      write(out, ",\"id\":" + Json.write(id.value()));
    }
  }

  private static void write(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
