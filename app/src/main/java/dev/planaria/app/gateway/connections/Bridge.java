package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.upstreams.RawAnswer;
import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.app.gateway.wire.RpcError;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.state.Era;

/// What differs between a client of one era and a server of the other, and nothing else: every
/// other byte passes untouched. Pure.
final class Bridge {
  /// `_meta` keys with this prefix belong to the protocol itself, from 2026-07-28 on.
  private static final String PROTOCOL_PREFIX = "io.modelcontextprotocol/";

  private static final String SERVER_INFO = PROTOCOL_PREFIX + "serverInfo";
  private static final String COMPLETE = "complete";

  private Bridge() {}

  /// Parameters as a server of that era expects them. What a modern server needs in `_meta` is
  /// written by the conversation itself.
  static RawObject params(RawObject params, Era client, Era server) {
    if (client == server) {
      return params;
    }
    var meta = params.object("_meta");
    if (meta.isEmpty()) {
      return params;
    }
    RawObject left = meta.get();
    for (String name : left.names()) {
      if (name.startsWith(PROTOCOL_PREFIX)) {
        left = left.without(name);
      }
    }
    return left.names().isEmpty() ? params.without("_meta") : params.with("_meta", left);
  }

  /// An answer as a client of that era expects it.
  ///
  /// @param serverInfo how a modern client is told who answered
  static RawAnswer answer(
      RawAnswer answer, String method, Era client, Era server, RawObject serverInfo) {
    return switch (answer) {
      case RawAnswer.Refusal(RawObject error) ->
          client == server ? answer : new RawAnswer.Refusal(refusal(error, method, client));
      case RawAnswer.Result(RawObject result) ->
          switch (client) {
            case MODERN ->
                result.has("resultType")
                    ? answer
                    : new RawAnswer.Result(modern(result, method, serverInfo));
            case LEGACY -> server == Era.MODERN ? legacy(result) : answer;
          };
    };
  }

  /// A missing resource has a code of its own in the legacy era.
  private static RawObject refusal(RawObject error, String method, Era client) {
    if (!method.equals("resources/read")
        || !(error.value("code") instanceof JsonNumber(var code))) {
      return error;
    }
    int from = client == Era.MODERN ? RpcError.RESOURCE_NOT_FOUND_LEGACY : RpcError.INVALID_PARAMS;
    int to = client == Era.MODERN ? RpcError.INVALID_PARAMS : RpcError.RESOURCE_NOT_FOUND_LEGACY;
    return code.equals(String.valueOf(from)) ? error.with("code", JsonNumber.of(to)) : error;
  }

  private static RawObject modern(RawObject result, String method, RawObject serverInfo) {
    RawObject meta = result.object("_meta").orElse(RawObject.EMPTY);
    RawObject told =
        result
            .with("resultType", new JsonString(COMPLETE))
            .with("_meta", meta.has(SERVER_INFO) ? meta : meta.with(SERVER_INFO, serverInfo));
    return isCacheable(method)
        ? told.with("ttlMs", JsonNumber.of(0)).with("cacheScope", new JsonString("private"))
        : told;
  }

  /// Results that must say how long they may be kept (2026-07-28, "Caching").
  private static boolean isCacheable(String method) {
    return switch (method) {
      case "tools/list",
          "prompts/list",
          "resources/list",
          "resources/templates/list",
          "resources/read" ->
          true;
      default -> false;
    };
  }

  private static RawAnswer legacy(RawObject result) {
    String type = result.text("resultType");
    if (type != null && !type.equals(COMPLETE)) {
      return Words.refused(
          RpcError.INTERNAL,
          "the server answered with "
              + type
              + ", which a client of this protocol version cannot be told yet; use a client that"
              + " speaks 2026-07-28");
    }
    return new RawAnswer.Result(
        result.without("resultType").without("ttlMs").without("cacheScope"));
  }
}
