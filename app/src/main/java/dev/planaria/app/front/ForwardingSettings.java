package dev.planaria.app.front;

/// How requests travel to the worker.
///
/// @param workerWaitMillis how long a request waits for a worker that is ready, each time; a
///   restart takes under a second, and clients give up at 20 to 60 s
/// @param deathsPerRequest a request after which the worker died of itself, or dropped the
///   connection, so often, each time within `suspectMillis`, is answered 502. Nothing but the count
///   tells a poisonous request from bad luck
/// @param lossesPerRequest the same for workers that were killed from outside or died later, which
///   is mostly not the request's doing: with a kill every half second, a call of 200 ms meets five
///   in a row now and then
/// @param suspectMillis what kills a worker mostly does so at once. From the first such death on,
///   the requests that met it go to the worker one after the other, each with so much time alone. A
///   worker that has just started on a busy machine takes some hundred milliseconds to die
/// @param settledMillis a stream that has lived so long with a worker did not kill it; its count
///   starts again. Streams of GET requests only listen, and are never counted
/// @param idleLinks connections to the worker that are kept for reuse
/// @param linkRetryMillis pause before the next try when the worker does not take a connection: it
///   is dying, and the monitor is about to know
/// @param bufferWaitMillis how long a request or an answer waits for its share of the buffers
public record ForwardingSettings(
    long workerWaitMillis,
    int deathsPerRequest,
    int lossesPerRequest,
    long suspectMillis,
    long settledMillis,
    int idleLinks,
    long linkRetryMillis,
    long bufferWaitMillis) {

  /// What holds unless the operator says otherwise.
  public static final ForwardingSettings DEFAULT =
      new ForwardingSettings(60_000, 3, 20, 1_000, 5_000, 64, 5, 5_000);
}
