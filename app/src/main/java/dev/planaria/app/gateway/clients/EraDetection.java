package dev.planaria.app.gateway.clients;

import dev.planaria.app.gateway.wire.Headers;
import dev.planaria.app.gateway.wire.ProtocolVersion;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.state.Era;

/// Tells by its body and headers which era a POST belongs to (MCP 2026-07-28, versioning, "Backward
/// Compatibility").
public final class EraDetection {
  private EraDetection() {}

  /// The era of a message.
  ///
  /// A message that claims a version in its `_meta` is modern, whatever the version; the handshake
  /// is legacy; of the rest the version header decides, where a missing one is legacy.
  public static Era of(JsonValue message, Headers headers) {
    if (message instanceof JsonObject object) {
      if (object.get("params") instanceof JsonObject params
          && Meta.claimedVersion(params) != null) {
        return Era.MODERN;
      }
      if (object.get("method") instanceof JsonString(String method)
          && method.equals("initialize")) {
        return Era.LEGACY;
      }
    }
    String version = headers.single("MCP-Protocol-Version");
    boolean modern =
        version != null
            && !headers.has("Mcp-Session-Id")
            && ProtocolVersion.of(version).filter(ProtocolVersion::isLegacy).isEmpty();
    return modern ? Era.MODERN : Era.LEGACY;
  }
}
