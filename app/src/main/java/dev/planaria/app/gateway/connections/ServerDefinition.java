package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.replay.Profile;
import dev.planaria.app.gateway.upstreams.ServerEntry;
import dev.planaria.app.gateway.upstreams.Upstream;
import dev.planaria.engine.state.Transport;

/// A server behind Planaria, as the operator defined it.
///
/// @param name unique in its session
/// @param transport how it is reached
/// @param upstream reaches it
/// @param scope who shares a conversation
/// @param profile what may be done with its calls, and how its state is rebuilt
/// @param identity changes when the definition does; never shown
public record ServerDefinition(
    String name,
    Transport transport,
    Upstream upstream,
    ServerEntry.Scope scope,
    Profile profile,
    String identity) {
  /// Without the identity: what it was made from may hold secrets.
  @Override
  public String toString() {
    return "ServerDefinition[" + name + ", " + transport + "]";
  }
}
