package dev.planaria.chaos.client;

/// How much is asked, and how patiently.
///
/// @param callers how many agents work at the same time
/// @param pauseMillis how long each rests between two calls
/// @param callMillis a call that has no answer after so long, however often it was asked again, is
///   stuck
public record Plan(int callers, long pauseMillis, long callMillis) {

  /// Enough callers that some are in the middle of something at any time, and not more than what a
  /// small machine does beside everything else.
  public static final Plan DEFAULT = new Plan(4, 5, 120_000);
}
