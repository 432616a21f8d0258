package dev.planaria.app.gateway.upstreams;

import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.engine.state.Era;
import org.jspecify.annotations.Nullable;

/// Who the server says it is.
///
/// @param era which family of the protocol it speaks
/// @param protocolVersion the revision that both sides use
/// @param raw its answer to `initialize` (legacy) or `server/discover` (modern), unchanged
public record ServerIntroduction(Era era, String protocolVersion, RawObject raw) {
  /// `{"name", "version", ...}`; empty when it did not say. A modern server says it in `_meta`.
  public RawObject serverInfo() {
    return raw.object("serverInfo")
        .or(() -> raw.object("_meta").flatMap(meta -> meta.object(ModernMeta.SERVER_INFO)))
        .orElse(RawObject.EMPTY);
  }

  /// What it can do; empty when it did not say.
  public RawObject capabilities() {
    return raw.object("capabilities").orElse(RawObject.EMPTY);
  }

  /// How to use it, in words for a model; null when it did not say.
  public @Nullable String instructions() {
    return raw.text("instructions");
  }
}
