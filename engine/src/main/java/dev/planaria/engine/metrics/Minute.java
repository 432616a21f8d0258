package dev.planaria.engine.metrics;

/// What is known of one minute beside the recovery records.
///
/// @param number minutes since 1970
/// @param observed the seconds in which somebody looked whether requests are served: bit 0 is the
///   first of the minute
/// @param served those of them in which they were, the same way
/// @param counts what was counted in this minute
public record Minute(long number, long observed, long served, Counts counts) {

  /// How long a minute is.
  public static final long MILLIS = 60_000;

  private static final long SECONDS = (1L << 60) - 1;

  /// What is counted.
  ///
  /// @param operations acknowledged
  /// @param checksumFailures bytes that did not match the sum, hash or chain they were written with
  /// @param truePositives damage that a check found, and a second reading confirmed
  /// @param falsePositives what a check took for damage, and a second reading did not confirm
  /// @param missed damage that a caller's request met before any check did
  public record Counts(
      long operations,
      long checksumFailures,
      long truePositives,
      long falsePositives,
      long missed) {

    /// Nothing.
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0);

    /// Both together.
    public Counts plus(Counts other) {
      return new Counts(
          operations + other.operations,
          checksumFailures + other.checksumFailures,
          truePositives + other.truePositives,
          falsePositives + other.falsePositives,
          missed + other.missed);
    }

    /// What has come since an earlier count.
    public Counts minus(Counts earlier) {
      return new Counts(
          operations - earlier.operations,
          checksumFailures - earlier.checksumFailures,
          truePositives - earlier.truePositives,
          falsePositives - earlier.falsePositives,
          missed - earlier.missed);
    }
  }

  /// Refuses more than 60 seconds, and a second that was served and not observed.
  public Minute {
    if ((observed & ~SECONDS) != 0 || (served & ~observed) != 0) {
      throw new IllegalArgumentException("seconds that cannot be");
    }
  }

  /// A minute of which nothing is known.
  public static Minute empty(long number) {
    return new Minute(number, 0, 0, Counts.NONE);
  }

  /// The minute of a time, Unix milliseconds.
  public static long of(long millis) {
    return Math.floorDiv(millis, MILLIS);
  }

  /// The same with one more second. One that was served once stays served.
  ///
  /// @param second of the minute, 0 to 59
  public Minute with(int second, boolean isServed) {
    long bit = 1L << second;
    return new Minute(number, observed | bit, isServed ? served | bit : served, counts);
  }

  /// The same with more that was counted.
  public Minute plus(Counts more) {
    return new Minute(number, observed, served, counts.plus(more));
  }

  /// How many seconds were observed.
  public int secondsObserved() {
    return Long.bitCount(observed);
  }

  /// How many of them were served.
  public int secondsServed() {
    return Long.bitCount(served);
  }
}
