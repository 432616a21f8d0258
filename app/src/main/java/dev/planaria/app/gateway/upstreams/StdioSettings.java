package dev.planaria.app.gateway.upstreams;

import dev.planaria.engine.json.JsonLimits;

/// How patient we are with children, and how much we hold for them.
///
/// @param message what one line may ask of us; longer lines are dropped, and the request that such
///   a line answers is told
/// @param handshakeMillis until `initialize` or `server/discover` must be answered: a package that
///   is fetched at the first start needs most of a minute
/// @param probeMillis until a child that is only asked for its era must answer; silence means
///   legacy
/// @param queueBytes what may wait to be written to a child that reads slowly
/// @param writeMillis how long one line may take to be read; after that the child is taken for
///   stuck
/// @param drainMillis how long the output of an ended child is still read: what it wrote is in the
///   pipe already, and only a grandchild can keep the pipe open
/// @param closeMillis what a child gets to end by itself once its input is closed
/// @param terminateMillis what it and its descendants get after SIGTERM, before SIGKILL
public record StdioSettings(
    JsonLimits message,
    long handshakeMillis,
    long probeMillis,
    int queueBytes,
    long writeMillis,
    long drainMillis,
    long closeMillis,
    long terminateMillis) {
  /// Room for a screenshot in Base64, which is the largest thing that servers commonly answer.
  /// Nothing is built from what is only passed on, so that its tokens cost little.
  public static final JsonLimits MESSAGE =
      new JsonLimits(16 << 20, 128, 16 << 20, 4_096, 1_000, 2_000_000);

  /// What a daemon uses.
  public static final StdioSettings DEFAULT =
      new StdioSettings(MESSAGE, 60_000, 10_000, 8 << 20, 30_000, 500, 2_000, 2_000);
}
