package dev.planaria.app.front;

/// How the worker is watched and restarted.
///
/// @param readyMillis a worker that is not ready after so long is killed
/// @param silenceMillis a worker without a heartbeat (every 5 s) for so long hangs, and is killed
/// @param drainMillis how long a worker may take to end its calls before a planned change
/// @param backoff the pauses before restarts
/// @param startAttempts a first worker, or the first of a new command, that dies so often before it
///   was ready is given up
/// @param crashesKept how many crash events are remembered
public record SupervisionSettings(
    long readyMillis,
    long silenceMillis,
    long drainMillis,
    Backoff backoff,
    int startAttempts,
    int crashesKept) {

  /// What holds unless the operator says otherwise.
  public static final SupervisionSettings DEFAULT =
      new SupervisionSettings(60_000, 15_000, 30_000, Backoff.DEFAULT, 3, 100);
}
