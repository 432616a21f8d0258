package dev.planaria.app.gateway.clients;

import dev.planaria.app.gateway.upstreams.ServerIntroduction;
import dev.planaria.app.gateway.wire.ProtocolVersion;
import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonString;

/// How a server behind Planaria is introduced to a client: as itself, in the client's era. Pure.
final class RelayedIntroduction {
  private RelayedIntroduction() {}

  /// The result of `initialize`.
  static RawObject initialize(ServerIntroduction server, ProtocolVersion version) {
    RawObject result =
        RawObject.EMPTY
            .with("protocolVersion", new JsonString(version.text()))
            .with("capabilities", server.capabilities().without("extensions"))
            .with("serverInfo", server.serverInfo());
    String instructions = server.instructions();
    return instructions == null
        ? result
        : result.with("instructions", new JsonString(instructions));
  }

  /// The result of `server/discover`. What a server offers may change when it comes back.
  static RawObject discover(ServerIntroduction server) {
    RawObject result =
        RawObject.EMPTY
            .with("resultType", new JsonString("complete"))
            .with("supportedVersions", JsonArray.ofStrings(ProtocolVersion.modernTexts()))
            .with("capabilities", server.capabilities())
            .with("ttlMs", JsonNumber.of(0))
            .with("cacheScope", new JsonString("private"))
            .with("_meta", RawObject.EMPTY.with(Meta.SERVER_INFO, server.serverInfo()));
    String instructions = server.instructions();
    return instructions == null
        ? result
        : result.with("instructions", new JsonString(instructions));
  }
}
