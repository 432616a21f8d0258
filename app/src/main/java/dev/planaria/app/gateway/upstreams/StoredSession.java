package dev.planaria.app.gateway.upstreams;

/// What is needed to go on with an HTTP session in another process. The id is a secret between us
/// and the server: whoever has it can speak in our name.
///
/// @param sessionId the `Mcp-Session-Id`
/// @param server the server's introduction in that session
public record StoredSession(String sessionId, ServerIntroduction server) {
  /// Without the id.
  @Override
  public String toString() {
    return "StoredSession[" + server.protocolVersion() + "]";
  }
}
