package dev.planaria.app.front;

/// How long to wait before a worker is started again. A restart is immediate, unless workers die
/// *young* one after the other, which a restart does not mend and which would keep a core busy.
///
/// @param firstMillis the pause after the second young death in a row; doubled with each further
/// @param maximumMillis the longest pause
/// @param youngMillis a worker that served for less than this before it ended by itself died young;
///   one that never became ready did in any case. Any other end ends the row: a worker that served
///   and was killed from outside is followed by the next at once
public record Backoff(long firstMillis, long maximumMillis, long youngMillis) {

  /// What holds unless the operator says otherwise.
  public static final Backoff DEFAULT = new Backoff(100, 10_000, 1_000);

  /// The pause in milliseconds before the next start, after so many young deaths in a row.
  public long pauseMillis(int youngDeaths) {
    if (youngDeaths <= 1) {
      return 0;
    }
    var doublings = Math.min(youngDeaths - 2, 30);
    return Math.min(firstMillis << doublings, maximumMillis);
  }
}
