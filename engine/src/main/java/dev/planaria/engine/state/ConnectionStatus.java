package dev.planaria.engine.state;

/// States of the connection state machine (specification, section 2: MCP connection recovery).
public enum ConnectionStatus {
  CONNECTED,
  HEARTBEAT_TIMEOUT,
  IMMEDIATE_RECONNECT,
  EXPONENTIAL_BACKOFF,
  OFFLINE,
  PERIODIC_RETRY,
  SYNC
}
