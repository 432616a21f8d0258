package dev.planaria.app.gateway.clients;

import dev.planaria.app.gateway.wire.ProtocolVersion;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.WireName;
import org.jspecify.annotations.Nullable;

/// One legacy client's protocol relation with us; its id is the client's `Mcp-Session-Id`.
/// Possession of the id is no authentication: it works for the principal that opened the link
/// alone.
///
/// @param id 256 random bits, base64url
/// @param principal who opened it
/// @param version the revision that was agreed on
/// @param client what the client says of itself
/// @param capabilities what the client can do
/// @param level from which level on it wants log messages, or null when it never said
/// @param createdAtMillis Unix time
/// @param usedAtMillis Unix time of the last use, to a day
record Link(
    String id,
    String principal,
    ProtocolVersion version,
    JsonObject client,
    JsonObject capabilities,
    @Nullable LogLevel level,
    long createdAtMillis,
    long usedAtMillis) {
  private static final int TEXT_CHARACTERS = 256;

  /// The link as it is stored; the id is its key.
  JsonObject toJson() {
    return JsonObject.builder()
        .put("principal", principal)
        .put("version", version.text())
        .put("client", client)
        .put("capabilities", capabilities)
        .put("level", level == null ? null : WireName.of(level))
        .put("created_at", createdAtMillis)
        .put("used_at", usedAtMillis)
        .build();
  }

  /// Reads what [#toJson] wrote.
  static Link fromJson(String id, JsonObject stored) {
    Fields fields = Fields.of(stored);
    String version = fields.requiredText("version", TEXT_CHARACTERS);
    JsonObject client = fields.optionalObject("client");
    JsonObject capabilities = fields.optionalObject("capabilities");
    return new Link(
        id,
        fields.requiredText("principal", TEXT_CHARACTERS),
        ProtocolVersion.of(version)
            .orElseThrow(() -> new IllegalStateException("a link has the version " + version)),
        client == null ? JsonObject.EMPTY : client,
        capabilities == null ? JsonObject.EMPTY : capabilities,
        fields.optionalEnum("level", LogLevel.class),
        fields.requiredLong("created_at", 0, Long.MAX_VALUE),
        fields.requiredLong("used_at", 0, Long.MAX_VALUE));
  }

  /// The same, used now.
  Link usedAt(long millis) {
    return new Link(id, principal, version, client, capabilities, level, createdAtMillis, millis);
  }

  /// The same with another log level.
  Link withLevel(LogLevel wanted) {
    return new Link(
        id, principal, version, client, capabilities, wanted, createdAtMillis, usedAtMillis);
  }

  /// True when a message of that level is to be sent.
  boolean wants(LogLevel message) {
    return level == null || message.compareTo(level) >= 0;
  }
}
