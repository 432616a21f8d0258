package dev.planaria.app.gateway.upstreams;

import dev.planaria.app.gateway.wire.RawObject;
import java.util.List;

/// Who we say we are. A legacy server hears it once, a modern one with each request.
///
/// @param clientInfo `{"name", "version", ...}`
/// @param capabilities what we offer to do for the server: sampling, elicitation, roots
public record ClientIntroduction(RawObject clientInfo, RawObject capabilities) {

  /// What a server may ask of a client while it serves it. In the modern era it cannot: there it
  /// answers with what it needs, and only a modern client knows what to do with that.
  private static final List<String> ASKED = List.of("elicitation", "sampling", "roots");

  /// True for a client that a legacy server can ask something.
  boolean canBeAsked() {
    return ASKED.stream().anyMatch(asked -> capabilities.value(asked) != null);
  }
}
