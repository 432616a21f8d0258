package dev.planaria.engine.state;

/// What an agent is doing. `RETIRED` is final.
public enum AgentStatus {
  IDLE,
  BUSY,
  OFFLINE,
  RETIRED
}
