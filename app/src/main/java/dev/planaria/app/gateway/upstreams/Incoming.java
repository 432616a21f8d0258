package dev.planaria.app.gateway.upstreams;

import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.app.gateway.wire.RpcError;
import dev.planaria.app.gateway.wire.RpcId;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonNull;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonSyntaxException;
import dev.planaria.engine.json.JsonValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One message of a server, as far as it can be understood. Servers write all sorts of things;
/// nothing that one writes makes reading it fail.
sealed interface Incoming {
  /// The answer to a request of ours.
  record Answer(RpcId id, RawAnswer answer) implements Incoming {}

  /// Meant as the answer to a request of ours, but against the rules.
  record BadAnswer(RpcId id, String rule) implements Incoming {}

  /// A request of the server.
  record Asked(RpcId id, String method, RawObject params) implements Incoming {}

  /// A notification.
  record Told(String method, RawObject params) implements Incoming {}

  /// An error that names no request.
  record ErrorWithoutId(RawObject error) implements Incoming {}

  /// Not a message.
  record Noise(String rule) implements Incoming {}

  /// Reads a message, or a batch of them (2025-03-26 alone has batches; nobody else is hurt by
  /// them).
  static List<Incoming> read(byte[] text, JsonLimits limits) {
    try {
      return isArray(text) ? batch(text, limits) : List.of(one(RawObject.parse(text, limits)));
    } catch (JsonSyntaxException notJson) {
      return List.of(new Noise(String.valueOf(notJson.getMessage())));
    }
  }

  private static boolean isArray(byte[] text) {
    for (byte b : text) {
      if (b > ' ') {
        return b == '[';
      }
    }
    return false;
  }

  private static List<Incoming> batch(byte[] text, JsonLimits limits) {
    return Json.parse(text, limits) instanceof JsonArray(var items)
        ? items.stream().map(Incoming::item).toList()
        : List.of();
  }

  private static Incoming item(JsonValue value) {
    return value instanceof JsonObject object
        ? one(RawObject.of(object))
        : new Noise("a batch holds something else than objects");
  }

  private static Incoming one(RawObject message) {
    JsonValue idValue = message.value("id");
    RpcId id = null;
    if (idValue != null && !(idValue instanceof JsonNull)) {
      try {
        id = new RpcId(idValue);
      } catch (RpcError notAnId) {
        return new Noise(String.valueOf(notAnId.getMessage()));
      }
    }
    if (message.has("method")) {
      return call(message, id);
    }
    var error = message.object("error");
    if (id == null) {
      return error.isPresent()
          ? new ErrorWithoutId(error.get())
          : new Noise("neither a method nor an id");
    }
    if (message.has("error") == message.has("result")) {
      return new BadAnswer(id, "it needs exactly one of result and error");
    }
    if (error.isPresent()) {
      return new Answer(id, new RawAnswer.Refusal(error.get()));
    }
    var result = message.object("result");
    return result.isPresent()
        ? new Answer(id, new RawAnswer.Result(result.get()))
        : new BadAnswer(id, "result or error is not an object");
  }

  private static Incoming call(RawObject message, @Nullable RpcId id) {
    String method = message.text("method");
    if (method == null) {
      return new Noise("method is not a string");
    }
    RawObject params = message.object("params").orElse(RawObject.EMPTY);
    return id == null ? new Told(method, params) : new Asked(id, method, params);
  }
}
