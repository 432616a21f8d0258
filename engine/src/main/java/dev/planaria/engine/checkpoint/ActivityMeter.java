package dev.planaria.engine.checkpoint;

import org.jspecify.annotations.Nullable;

/// Measures how much is going on in one session, from its seq at moments that are handed in. A
/// session that goes down past a bound keeps its level until it is clearly below, so that one at
/// the bound does not go to and fro.
///
/// Not thread-safe.
public final class ActivityMeter {

  /// Looks that are kept for one window; the rate is over one window and up to a sixth more.
  private static final int LOOKS = 6;

  private final Rates rates;
  private final long[] times = new long[LOOKS + 2];
  private final long[] seqs = new long[LOOKS + 2];
  private int looks;
  private @Nullable Activity level;

  /// What counts as much.
  ///
  /// @param windowMillis over how long is measured
  /// @param highPerSecond operations per second from which activity is high
  /// @param mediumPerSecond operations per second from which it is medium
  /// @param slackPercent how far below a bound the rate must fall before the level does, in percent
  public record Rates(
      long windowMillis, double highPerSecond, double mediumPerSecond, int slackPercent) {

    /// 1 and 0.05 operations per second over 60 s, with 20 % of slack.
    public static final Rates DEFAULT = new Rates(60_000, 1, 0.05, 20);

    /// Refuses bounds that contradict each other.
    public Rates {
      if (windowMillis < LOOKS
          || !(mediumPerSecond > 0)
          || !(highPerSecond >= mediumPerSecond)
          || slackPercent < 0
          || slackPercent >= 100) {
        throw new IllegalArgumentException(
            "`windowMillis` must be at least 6, 0 < `mediumPerSecond` <= `highPerSecond`, and"
                + " `slackPercent` 0 to 99");
      }
    }
  }

  /// A meter that has seen nothing.
  public ActivityMeter(Rates rates) {
    this.rates = rates;
  }

  /// Takes one look and says how much is going on.
  ///
  /// @param seq the session's newest operation
  /// @param nowMillis Unix time
  public Activity observe(long seq, long nowMillis) {
    if (looks > 0 && nowMillis < times[looks - 1]) {
      // The clock was set back: what was measured means nothing any more.
      looks = 0;
      level = null;
    }
    if (looks == 0 || nowMillis - times[looks - 1] >= rates.windowMillis() / LOOKS) {
      remember(seq, nowMillis);
    }
    long elapsedMillis = nowMillis - times[0];
    if (elapsedMillis < rates.windowMillis()) {
      return Activity.MEDIUM;
    }
    Activity now = level((seq - seqs[0]) * 1_000.0 / elapsedMillis);
    level = now;
    return now;
  }

  private void remember(long seq, long nowMillis) {
    while (looks > 1 && (nowMillis - times[1] >= rates.windowMillis() || looks == times.length)) {
      looks--;
      System.arraycopy(times, 1, times, 0, looks);
      System.arraycopy(seqs, 1, seqs, 0, looks);
    }
    times[looks] = nowMillis;
    seqs[looks] = seq;
    looks++;
  }

  private Activity level(double perSecond) {
    double slack = 1 - rates.slackPercent() / 100.0;
    double high = rates.highPerSecond() * (level == Activity.HIGH ? slack : 1);
    boolean wasAbove = level == Activity.HIGH || level == Activity.MEDIUM;
    double medium = rates.mediumPerSecond() * (wasAbove ? slack : 1);
    if (perSecond >= high) {
      return Activity.HIGH;
    }
    return perSecond >= medium ? Activity.MEDIUM : Activity.LOW;
  }
}
