package dev.planaria.app.gateway.connections;

import java.util.stream.LongStream;

/// The numbers of the connection state machine (specification, section 2.1 of the procedures).
///
/// @param immediateAttempts attempts that follow a break at once: most breaks are a restart
/// @param immediateWaitMillis before the second of them; before the third twice as long, and so on
/// @param backoffAttempts attempts after those
/// @param backoffMillis before the first of them; before each further one twice as long as before
/// @param retryMillis between attempts while it is offline; these never stop
/// @param lostMillis offline for so long, and it is declared lost: its callers have waited enough
/// @param idleMillis nothing was heard for so long, and it is asked whether it is alive
/// @param pingMillis how long it may take to answer that
/// @param attemptGapMillis between the starts of two attempts at the least, whatever else says to
///   try: a server that dies at its start must not take the machine with it
/// @param earlyTryMillis while it is offline a call brings the next attempt forward, but not to
///   less than this after the one before
/// @param connectMillis an attempt that takes longer has failed: a package that is fetched at the
///   first start needs most of a minute, and may be asked for its era before
/// @param mostRetryAfterMillis for so long at most a server may ask to be left alone: a wrong date
///   in its answer must not keep it away for a year
/// @param jitterPercent by so much at most each wait is longer, so that what broke together does
///   not come back together
public record ConnectionSettings(
    int immediateAttempts,
    long immediateWaitMillis,
    int backoffAttempts,
    long backoffMillis,
    long retryMillis,
    long lostMillis,
    long idleMillis,
    long pingMillis,
    long attemptGapMillis,
    long earlyTryMillis,
    long connectMillis,
    long mostRetryAfterMillis,
    int jitterPercent) {

  private static final int MOST_BACKOFF_ATTEMPTS = 30;

  /// What holds unless the operator says otherwise: 3 attempts with 1 and 2 s between, 5 more after
  /// 1, 2, 4, 8 and 16 s, then one each minute; lost after 5 minutes offline.
  public static final ConnectionSettings DEFAULT =
      new ConnectionSettings(
          3, 1_000, 5, 1_000, 60_000, 300_000, 30_000, 15_000, 1_000, 10_000, 75_000, 300_000, 10);

  /// Checks the settings themselves.
  ///
  /// @throws IllegalArgumentException when one is out of bounds
  public ConnectionSettings {
    var positive =
        LongStream.of(
            immediateAttempts,
            immediateWaitMillis,
            backoffMillis,
            retryMillis,
            lostMillis,
            idleMillis,
            pingMillis,
            attemptGapMillis,
            earlyTryMillis,
            connectMillis,
            mostRetryAfterMillis);
    if (positive.anyMatch(number -> number < 1)) {
      throw new IllegalArgumentException("every number of a connection is at least 1");
    }
    if (backoffAttempts < 0 || backoffAttempts > MOST_BACKOFF_ATTEMPTS) {
      throw new IllegalArgumentException("backoffAttempts is 0 to " + MOST_BACKOFF_ATTEMPTS);
    }
    if (jitterPercent < 0 || jitterPercent > 100) {
      throw new IllegalArgumentException("jitterPercent is 0 to 100");
    }
  }
}
