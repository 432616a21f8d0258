package dev.planaria.app.gateway.clients;

import dev.planaria.app.gateway.upstreams.ServerIntroduction;
import dev.planaria.app.gateway.wire.HttpAnswer;
import dev.planaria.app.gateway.wire.ProtocolVersion;
import dev.planaria.app.gateway.wire.Rpc;
import dev.planaria.app.gateway.wire.RpcError;
import dev.planaria.app.gateway.wire.RpcMessage;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.state.Era;
import org.jspecify.annotations.Nullable;

/// What a legacy client can ask besides calling tools. Thread-safe.
final class LegacyMethods {
  private final Offer offer;
  private final Links links;
  private final LinkSettings settings;
  private final WorkerGuarantees guarantees;
  private final RelayedRequests relayed;

  LegacyMethods(
      Offer offer,
      Links links,
      LinkSettings settings,
      WorkerGuarantees guarantees,
      RelayedRequests relayed) {
    this.relayed = relayed;
    this.offer = offer;
    this.links = links;
    this.settings = settings;
    this.guarantees = guarantees;
  }

  /// Opens a link: the client's version if it is spoken here, else the newest legacy one.
  HttpAnswer initialize(RpcMessage.Request request, Visitor visitor) {
    JsonObject params = request.params();
    if (!(params.get("protocolVersion") instanceof JsonString(String wanted))) {
      throw RpcError.invalidParams("params.protocolVersion must be a string");
    }
    ProtocolVersion version =
        ProtocolVersion.of(wanted)
            .filter(ProtocolVersion::isLegacy)
            .orElse(ProtocolVersion.NEWEST_LEGACY);
    JsonObject client = introduction(params, "clientInfo");
    JsonObject capabilities = introduction(params, "capabilities");
    if (Json.length(client) + Json.length(capabilities) > settings.introductionBytes()) {
      throw RpcError.invalidParams(
          "clientInfo and capabilities together exceed "
              + settings.introductionBytes()
              + " bytes; say less");
    }
    ServerIntroduction server = relayed.introductionFor(visitor, client, capabilities);
    Link link =
        links.open(
            visitor.principal(),
            new Links.Introduction(version, client, capabilities),
            stamp(visitor));
    byte[] answer =
        server == null
            ? Rpc.bytes(Rpc.result(request.id(), introduction(version)))
            : Rpc.answer(request.id(), "result", RelayedIntroduction.initialize(server, version));
    return HttpAnswer.json(200, answer).with("Mcp-Session-Id", link.id());
  }

  private JsonObject introduction(ProtocolVersion version) {
    return JsonObject.builder()
        .put("protocolVersion", version.text())
        .put("capabilities", Offer.capabilities(Era.LEGACY))
        .put("serverInfo", offer.serverInfo())
        .put("instructions", offer.instructions())
        .build();
  }

  private @Nullable String stamp(Visitor visitor) {
    return guarantees.honourStamp() ? visitor.carriage().stamp() : null;
  }

  private static JsonObject introduction(JsonObject params, String name) {
    return switch (params.get(name)) {
      case null -> JsonObject.EMPTY;
      case JsonObject given -> given;
      default -> throw RpcError.invalidParams("params." + name + " must be an object");
    };
  }

  /// Answers a request; the `result` of its answer.
  ///
  /// @throws RpcError when there is no such method, or it cannot be answered
  JsonObject answer(Link link, RpcMessage.Request request, Visitor visitor) {
    return switch (request.method()) {
      case "ping" -> JsonObject.EMPTY;
      case "logging/setLevel" -> setLevel(link, request.params());
      case "initialize" -> throw RpcError.invalidRequest("initialize must stand alone");
      default ->
          offer
              .answer(
                  request,
                  new ServerTools.Asking(
                      visitor.principal(),
                      visitor.address(),
                      Era.LEGACY,
                      RelayedRequests.introduction(link)))
              .orElseThrow(() -> RpcError.methodNotFound(request.method(), 200));
    };
  }

  private JsonObject setLevel(Link link, JsonObject params) {
    try {
      LogLevel level = Fields.of(params).requiredEnum("level", LogLevel.class);
      if (level != link.level()) {
        links.put(link.withLevel(level));
      }
      return JsonObject.EMPTY;
    } catch (FieldException e) {
      throw RpcError.invalidParams("params: " + e.getMessage());
    }
  }
}
