package dev.planaria.app.front;

/// How requests travel to the worker.
///
/// @param workerWaitMillis how long a request waits for a worker that is ready, each time; a
///   restart takes under a second, and clients give up at 20 to 60 s
/// @param failuresPerRequest a request during which the worker died so often, or dropped the
///   connection, is answered 502. Nothing but the count tells a poisonous request from bad luck;
///   from the second death on such requests are sent one at a time, so that bad luck is not counted
/// @param settledMillis a stream that has lived so long with a worker did not kill it; its count
///   starts again
/// @param idleLinks connections to the worker that are kept for reuse
/// @param linkRetryMillis pause before the next try when the worker does not take a connection: it
///   is dying, and the monitor is about to know
/// @param bufferWaitMillis how long a request or an answer waits for its share of the buffers
public record ForwardingSettings(
    long workerWaitMillis,
    int failuresPerRequest,
    long settledMillis,
    int idleLinks,
    long linkRetryMillis,
    long bufferWaitMillis) {

  /// What holds unless the operator says otherwise.
  public static final ForwardingSettings DEFAULT =
      new ForwardingSettings(60_000, 3, 5_000, 64, 5, 5_000);
}
