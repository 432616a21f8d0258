package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.upstreams.ServerIntroduction;
import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.state.Connection;
import java.util.Optional;

/// What a server has said of itself, in the connection's record: so that clients can begin while it
/// is away, and another worker can go on with its session. Pure.
final class Introductions {
  private static final String VERSION = "protocol_version";
  private static final String SAID = "introduction";

  private Introductions() {}

  static JsonObject write(ServerIntroduction server) {
    return JsonObject.builder()
        .put(VERSION, server.protocolVersion())
        .put(SAID, Json.parseObject(server.raw().bytes(), JsonLimits.OWN))
        .build();
  }

  /// What the record holds; empty when the server was never connected.
  static Optional<ServerIntroduction> read(Connection connection) {
    JsonObject stored = connection.capabilities();
    return stored.get(VERSION) instanceof JsonString(String version)
            && stored.get(SAID) instanceof JsonObject said
        ? Optional.of(new ServerIntroduction(connection.era(), version, RawObject.of(said)))
        : Optional.empty();
  }
}
