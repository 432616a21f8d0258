package dev.planaria.engine.state;

import java.util.stream.LongStream;

/// How much one session's ledger of calls may hold. To make room, calls that have ended are
/// forgotten, the oldest first; never one that is open, of unknown outcome, or kept for replay.
/// Only then is a call refused with [Refusal.Code#LIMIT_EXCEEDED]; the message names the limit.
///
/// @param perSession calls in a session, ended ones included
/// @param perSessionBytes of all of them together, arguments and results included
/// @param oneCallBytes of the arguments of a call, or of its result. Longer arguments are refused;
///   a longer result is delivered and not kept
/// @param queued calls of one connection that wait or run: what an upstream works off in minutes
/// @param queuedBytes of those together
/// @param queueMillis how long a call waits; who asked a day ago does not expect it to run today
/// @param resultBytes of all calls together that have ended and are kept for their clients. Far
///   below what a store could keep, since a session's state is in memory and in each full
///   checkpoint
/// @param resultMillis how long those are kept
/// @param replayed calls of one connection that are kept for replay: at some 50 ms each, ten
///   minutes' work
/// @param replayedBytes of those together
public record CallLimits(
    int perSession,
    long perSessionBytes,
    int oneCallBytes,
    int queued,
    long queuedBytes,
    long queueMillis,
    long resultBytes,
    long resultMillis,
    int replayed,
    long replayedBytes) {

  /// Checks the limits themselves.
  ///
  /// @throws IllegalArgumentException when one is not positive
  public CallLimits {
    var positive =
        LongStream.of(
            perSession,
            perSessionBytes,
            oneCallBytes,
            queued,
            queuedBytes,
            queueMillis,
            resultBytes,
            resultMillis,
            replayed,
            replayedBytes);
    if (positive.anyMatch(limit -> limit < 1)) {
      throw new IllegalArgumentException("every limit of a session's calls is at least 1");
    }
  }

  /// What holds unless the operator says otherwise. One call may be as long as the longest message.
  public static final CallLimits DEFAULT =
      new CallLimits(
          20_000,
          64L << 20,
          4 << 20,
          1_000,
          8L << 20,
          86_400_000,
          16L << 20,
          86_400_000,
          10_000,
          16L << 20);
}
