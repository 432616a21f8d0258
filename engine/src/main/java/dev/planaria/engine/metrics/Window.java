package dev.planaria.engine.metrics;

/// How far back figures look: the running minute and those before it.
public enum Window {
  HOUR("1h", 60),
  DAY("24h", 24 * 60),
  MONTH("30d", 30 * 24 * 60);

  private final String label;
  private final int minutes;

  Window(String label, int minutes) {
    this.label = label;
    this.minutes = minutes;
  }

  /// The window in a few characters, as `1h`.
  public String label() {
    return label;
  }

  /// How many minutes it has, with the running one.
  public int minutes() {
    return minutes;
  }

  /// How long it is.
  public long millis() {
    return minutes * Minute.MILLIS;
  }

  /// True when a minute is in the window that ends with another one.
  ///
  /// @param minute minutes since 1970
  /// @param now the running minute, the same
  public boolean contains(long minute, long now) {
    return minute <= now && minute > now - minutes;
  }
}
