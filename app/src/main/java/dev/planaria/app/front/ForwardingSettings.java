package dev.planaria.app.front;

/// How requests travel to the worker.
///
/// @param workerWaitMillis how long a request waits for a worker that is ready, each time; a
///   restart takes under a second, and clients give up at 20 to 60 s
/// @param failuresPerRequest a request during which the worker died so often, or dropped the
///   connection, is answered 502. Nothing but the count tells a poisonous request from bad luck:
///   with a kill every second, three deaths hit one in a hundred calls of 200 ms, five one in three
///   thousand
/// @param suspectMillis in the last two tries before that, such requests go to the worker one after
///   the other, each with so much time of its own: what kills a worker mostly does so at once
/// @param settledMillis a stream that has lived so long with a worker did not kill it; its count
///   starts again. Streams of GET requests only listen, and are never counted
/// @param idleLinks connections to the worker that are kept for reuse
/// @param linkRetryMillis pause before the next try when the worker does not take a connection: it
///   is dying, and the monitor is about to know
/// @param bufferWaitMillis how long a request or an answer waits for its share of the buffers
public record ForwardingSettings(
    long workerWaitMillis,
    int failuresPerRequest,
    long suspectMillis,
    long settledMillis,
    int idleLinks,
    long linkRetryMillis,
    long bufferWaitMillis) {

  /// What holds unless the operator says otherwise.
  public static final ForwardingSettings DEFAULT =
      new ForwardingSettings(60_000, 5, 250, 5_000, 64, 5, 5_000);
}
