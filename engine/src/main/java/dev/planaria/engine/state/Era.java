package dev.planaria.engine.state;

/// Which generation of the protocol a peer speaks: `LEGACY` (2024-11-05 to 2025-11-25, with a
/// handshake) or `MODERN` (2026-07-28, stateless).
public enum Era {
  LEGACY,
  MODERN
}
