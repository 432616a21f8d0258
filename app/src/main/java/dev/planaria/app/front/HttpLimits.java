package dev.planaria.app.front;

/// How much of anything a client may send or hold.
///
/// @param connections client connections at once. A thousand agents with a stream and a call each
///   fit; beyond that a newcomer is answered 503
/// @param requestTargetBytes longest request target; targets here are short paths
/// @param headBytes longest request head; a token, a session id and a few MCP headers need 1 KiB
/// @param bodyBytes longest request body: the 4 MiB that a message may have, and a little for the
///   envelope around it
/// @param answerBytes longest answer, and longest single event of a stream
/// @param bufferBytes what all requests, and again what all answers, may hold in memory at once;
///   never more than a quarter of the heap, whatever is set
public record HttpLimits(
    int connections,
    int requestTargetBytes,
    int headBytes,
    int bodyBytes,
    int answerBytes,
    long bufferBytes) {

  /// What holds unless the operator says otherwise.
  public static final HttpLimits DEFAULT =
      new HttpLimits(2_048, 8 << 10, 16 << 10, (4 << 20) + (64 << 10), 16 << 20, 32L << 20);
}
