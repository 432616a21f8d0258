package dev.planaria.engine.state;

/// How a connection reaches its server.
public enum Transport {
  STDIO,
  STREAMABLE_HTTP,
  HTTP_SSE
}
