package dev.planaria.app.gateway.upstreams;

import java.util.Optional;

/// Remembers verdicts, so that a server is not asked at each start. Losing one costs a question.
/// Implementations are thread-safe.
public interface EraVerdicts {
  /// The verdict about a server; empty when it was never asked.
  ///
  /// @param key names the server: a digest of its command or address
  Optional<EraVerdict> find(String key);

  /// Keeps a verdict in place of an older one.
  void save(String key, EraVerdict verdict);

  /// Forgets a verdict that turned out wrong.
  void forget(String key);
}
