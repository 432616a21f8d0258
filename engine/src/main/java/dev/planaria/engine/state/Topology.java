package dev.planaria.engine.state;

/// How the agents of a swarm are arranged. Kept for the callers; the engine treats all alike.
public enum Topology {
  MESH,
  HIERARCHICAL,
  RING,
  STAR
}
