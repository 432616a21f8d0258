package dev.planaria.engine.state;

import dev.planaria.engine.json.JsonObject;

/// What a swarm was set up with.
///
/// @param topology how its agents are arranged
/// @param maxAgents how many agents may live at once
/// @param strategy how work is to be spread, in the caller's words: `balanced`, `specialized`,
///   `adaptive`
/// @param extra the caller's own settings
public record SwarmConfiguration(
    Topology topology, int maxAgents, String strategy, JsonObject extra) {

  /// What a session has when nothing was asked for.
  public static final SwarmConfiguration DEFAULT =
      new SwarmConfiguration(Topology.MESH, 100, "balanced", JsonObject.EMPTY);
}
