package dev.planaria.app.front;

/// How long to wait before a worker is started again. A restart is immediate, unless workers die
/// *young* one after the other, which a restart does not mend and which would keep a core busy.
///
/// @param firstMillis the pause after the second young death in a row; doubled with each further
/// @param maximumMillis the longest pause
/// @param youngMillis a worker that served for less than this before its end died young; one that
///   never became ready did in any case
/// @param killsForgiven so many workers in a row may serve, be killed from outside while they are
///   young, and be followed by the next at once: each has shown that a restart mends things. Beyond
///   that somebody (the kernel short of memory, a limit of the operator) will kill the next one too
public record Backoff(long firstMillis, long maximumMillis, long youngMillis, int killsForgiven) {

  /// What holds unless the operator says otherwise.
  public static final Backoff DEFAULT = new Backoff(100, 10_000, 1_000, 100);

  /// The pause in milliseconds before the next start.
  ///
  /// @param youngDeaths how many in a row ended by themselves or never became ready
  /// @param youngKills how many in a row served and were killed from outside
  public long pauseMillis(int youngDeaths, int youngKills) {
    return Math.max(pauseMillis(youngDeaths), pauseMillis(youngKills - killsForgiven));
  }

  private long pauseMillis(int inARow) {
    if (inARow <= 1) {
      return 0;
    }
    var doublings = Math.min(inARow - 2, 30);
    return Math.min(firstMillis << doublings, maximumMillis);
  }
}
