package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.upstreams.EraVerdict;
import dev.planaria.app.gateway.upstreams.EraVerdicts;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The eras that servers were found to speak, as long as this process lives. Thread-safe.
public final class KnownEras implements EraVerdicts {
  private static final int MOST = 10_000;

  private final Map<String, EraVerdict> verdicts =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, EraVerdict> eldest) {
          return size() > MOST;
        }
      };

  /// Nothing is known.
  public KnownEras() {}

  @Override
  public synchronized Optional<EraVerdict> find(String key) {
    return Optional.ofNullable(verdicts.get(key));
  }

  @Override
  public synchronized void save(String key, EraVerdict verdict) {
    verdicts.put(key, verdict);
  }

  @Override
  public synchronized void forget(String key) {
    verdicts.remove(key);
  }
}
