package dev.planaria.app.gateway.clients;

import dev.planaria.app.gateway.wire.Address;
import dev.planaria.app.gateway.wire.Exchange;
import dev.planaria.app.gateway.wire.HttpAnswer;
import dev.planaria.app.gateway.wire.ProtocolVersion;
import dev.planaria.app.gateway.wire.Rpc;
import dev.planaria.app.gateway.wire.RpcError;
import dev.planaria.app.gateway.wire.RpcId;
import dev.planaria.app.gateway.wire.RpcMessage;
import dev.planaria.app.gateway.wire.Sse;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.state.Era;
import java.io.IOException;

/// The modern era (MCP 2026-07-28): every request stands alone, nothing is remembered of a client.
/// Thread-safe.
///
/// Answers are plain JSON, whatever they take: a client whose stream breaks hangs until its time is
/// up, while one that waits for JSON learns at once that it has to ask again. No tool reports
/// progress, so nobody misses a stream.
public final class ModernEndpoint {
  /// How long a client may keep what changes with a new version of this program alone.
  private static final long FIXED_TTL_MILLIS = 300_000;

  private static final byte[] NOTHING = new byte[0];

  private final Offer offer;
  private final ToolCalls tools;
  private final RelayedModern relayed;
  private final ServerTools servers;
  private final ListenStreams streams;
  private final WorkerGuarantees guarantees;

  ModernEndpoint(
      Offer offer,
      ToolCalls tools,
      RelayedModern relayed,
      ServerTools servers,
      ListenStreams streams,
      WorkerGuarantees guarantees) {
    this.offer = offer;
    this.relayed = relayed;
    this.servers = servers;
    this.tools = tools;
    this.streams = streams;
    this.guarantees = guarantees;
  }

  /// Answers a POST.
  ///
  /// @param body as it came
  /// @param parsed the same, parsed
  /// @throws RpcError when the message is none, or a header or `_meta` is wrong
  public void post(Exchange exchange, Visitor visitor, byte[] body, JsonValue parsed)
      throws IOException {
    if (parsed instanceof JsonArray) {
      throw RpcError.invalidRequest("this protocol version has no batches");
    }
    switch (Rpc.read(parsed)) {
      case RpcMessage.Request request -> {
        ModernHeaders.check(exchange.head().headers(), request);
        var call = servers.find(request, body, visitor.address(), visitor.principal());
        if (visitor.address().server() != null) {
          relayed.answer(exchange, visitor, request, body);
        } else if (call.isPresent()) {
          var there = new Visitor(visitor.principal(), call.get().address(), visitor.carriage());
          relayed.answer(exchange, there, call.get().request(), call.get().body());
        } else {
          answer(exchange, visitor, request);
        }
      }
      case RpcMessage.Notification _ -> exchange.send(HttpAnswer.empty(202));
      case RpcMessage.Response _ ->
          throw RpcError.invalidRequest("this protocol version has no responses from clients");
    }
  }

  private void answer(Exchange exchange, Visitor visitor, RpcMessage.Request request)
      throws IOException {
    switch (request.method()) {
      case "server/discover" -> send(exchange, request.id(), discover());
      case "tools/call" -> send(exchange, request.id(), call(visitor, request));
      case "subscriptions/listen" -> listen(exchange, visitor, request);
      default -> {
        JsonObject result =
            offer
                .answer(
                    request,
                    new ServerTools.Asking(
                        visitor.principal(), visitor.address(), Era.MODERN, null))
                .orElseThrow(() -> RpcError.methodNotFound(request.method(), 404));
        send(exchange, request.id(), cacheable(request.method(), visitor.address(), result));
      }
    }
  }

  private void send(Exchange exchange, RpcId id, JsonObject result) throws IOException {
    exchange.send(HttpAnswer.json(200, Rpc.result(id, complete(result))));
  }

  private JsonObject discover() {
    JsonObject result =
        JsonObject.builder()
            .put("supportedVersions", JsonArray.ofStrings(ProtocolVersion.modernTexts()))
            .put("capabilities", Offer.capabilities(Era.MODERN))
            .put("instructions", offer.instructions())
            .build();
    return cached(result, FIXED_TTL_MILLIS, "public");
  }

  private JsonObject call(Visitor visitor, RpcMessage.Request request) {
    String stamp = guarantees.honourStamp() ? visitor.carriage().stamp() : null;
    var context =
        new ToolCalls.Context(
            visitor.principal(),
            visitor.principal(),
            visitor.address().session(),
            stamp,
            Era.MODERN);
    return tools.run(tools.prepare(request), context);
  }

  /// Opens a subscription. Nothing that a client can subscribe to changes while a process lives, so
  /// the honoured subset is empty; the stream stays open, as the client asked.
  private void listen(Exchange exchange, Visitor visitor, RpcMessage.Request request)
      throws IOException {
    if (!(request.params().get("notifications") instanceof JsonObject)) {
      throw RpcError.invalidParams("params.notifications must be an object");
    }
    JsonObject params =
        JsonObject.builder()
            .put(
                "_meta",
                JsonObject.builder().put(Meta.SUBSCRIPTION_ID, request.id().value()).build())
            .put("notifications", JsonObject.EMPTY)
            .build();
    byte[] acknowledged =
        Sse.message(
            Rpc.bytes(Rpc.notification("notifications/subscriptions/acknowledged", params)));
    streams.hold(exchange, visitor.carriage().headSent() ? NOTHING : acknowledged);
  }

  /// What changes with a new version only may be kept by anybody; what shows sessions, by nobody.
  private JsonObject cacheable(String method, Address address, JsonObject result) {
    return switch (method) {
      case "tools/list" ->
          servers.isEmpty(address)
              ? cached(result, FIXED_TTL_MILLIS, "public")
              : cached(result, 0, "private");
      case "prompts/list", "resources/templates/list" -> cached(result, FIXED_TTL_MILLIS, "public");
      case "resources/list", "resources/read" -> cached(result, 0, "private");
      default -> result;
    };
  }

  private static JsonObject cached(JsonObject result, long ttlMillis, String scope) {
    return extend(result).put("ttlMs", ttlMillis).put("cacheScope", scope).build();
  }

  private JsonObject complete(JsonObject result) {
    JsonObject meta = result.get("_meta") instanceof JsonObject given ? given : JsonObject.EMPTY;
    return extend(result)
        .put("resultType", "complete")
        .put("_meta", extend(meta).put(Meta.SERVER_INFO, offer.serverInfo()).build())
        .build();
  }

  private static JsonObject.Builder extend(JsonObject object) {
    JsonObject.Builder builder = JsonObject.builder();
    object.members().forEach(builder::put);
    return builder;
  }
}
