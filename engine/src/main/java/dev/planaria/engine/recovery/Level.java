package dev.planaria.engine.recovery;

import dev.planaria.engine.integrity.Finding;
import java.util.List;

/// The worst that was found.
public enum Level {
  NONE,
  LOW,
  MEDIUM,
  HIGH;

  /// The worst of some findings.
  public static Level worstOf(List<Finding> findings) {
    Level worst = NONE;
    for (Finding finding : findings) {
      Level level =
          switch (finding.severity()) {
            case LOW -> LOW;
            case MEDIUM -> MEDIUM;
            case HIGH -> HIGH;
          };
      worst = level.compareTo(worst) > 0 ? level : worst;
    }
    return worst;
  }
}
