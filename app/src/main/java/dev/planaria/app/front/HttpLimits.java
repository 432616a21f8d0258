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
/// @param bufferBytes what all requests, and again what all answers and events, may hold in memory
///   at once
public record HttpLimits(
    int connections,
    int requestTargetBytes,
    int headBytes,
    int bodyBytes,
    int answerBytes,
    long bufferBytes) {

  /// The share of the heap that requests may fill, and again that answers may: what is left must
  /// hold some thousand connections.
  private static final int SHARE_OF_HEAP = 4;

  /// What holds unless the operator says otherwise.
  public static final HttpLimits DEFAULT =
      new HttpLimits(2_048, 8 << 10, 16 << 10, (4 << 20) + (64 << 10), 16 << 20, 32L << 20);

  /// These limits, lowered to what a heap can hold. A limit that cannot be kept would turn a large
  /// answer into a front without memory.
  ///
  /// @param heapBytes the largest size of the heap
  HttpLimits fittedTo(long heapBytes) {
    var buffers = Math.min(bufferBytes, heapBytes / SHARE_OF_HEAP);
    return new HttpLimits(
        connections,
        requestTargetBytes,
        headBytes,
        (int) Math.min(bodyBytes, buffers),
        (int) Math.min(answerBytes, buffers),
        buffers);
  }
}
