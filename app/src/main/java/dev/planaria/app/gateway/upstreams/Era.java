package dev.planaria.app.gateway.upstreams;

/// The two families of the protocol.
public enum Era {
  /// Revisions 2024-11-05 to 2025-11-25: `initialize`, then a session with a memory.
  LEGACY,
  /// Revision 2026-07-28: each request stands for itself.
  MODERN
}
