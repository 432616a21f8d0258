package dev.planaria.app.gateway.upstreams;

import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.app.gateway.wire.RpcId;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonString;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes JSON-RPC 2.0 messages around bytes that nobody looks into. Without line breaks.
final class Envelopes {
  private static final int FRAME_BYTES = 96;

  private Envelopes() {}

  static byte[] request(long id, String method, RawObject params) {
    var out = begin(params.length());
    text(out, "\"id\":" + id + ",");
    call(out, method, params);
    return out.toByteArray();
  }

  static byte[] notification(String method, RawObject params) {
    var out = begin(params.length());
    call(out, method, params);
    return out.toByteArray();
  }

  static byte[] answer(RpcId id, RawAnswer answer) {
    RawObject body =
        switch (answer) {
          case RawAnswer.Result(RawObject raw) -> raw;
          case RawAnswer.Refusal(RawObject raw) -> raw;
        };
    var out = begin(body.length());
    text(out, "\"id\":" + id.key());
    text(out, answer instanceof RawAnswer.Result ? ",\"result\":" : ",\"error\":");
    body.writeTo(out);
    out.write('}');
    return out.toByteArray();
  }

  private static ByteArrayOutputStream begin(int bodyBytes) {
    var out = new ByteArrayOutputStream(bodyBytes + FRAME_BYTES);
    text(out, "{\"jsonrpc\":\"2.0\",");
    return out;
  }

  private static void call(ByteArrayOutputStream out, String method, RawObject params) {
    text(out, "\"method\":");
    out.writeBytes(Json.writeBytes(new JsonString(method)));
    text(out, ",\"params\":");
    params.writeTo(out);
    out.write('}');
  }

  private static void text(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
