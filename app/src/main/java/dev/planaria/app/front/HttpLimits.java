package dev.planaria.app.front;

/// How much of anything a client may send or hold.
///
/// @param connections client connections at once, as far as the heap holds them (24 KiB each in a
///   third of it: 330 in 24 MiB, all 2,048 in the 160 MiB that the launcher allows); beyond that a
///   newcomer is answered 503
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

  /// The share of the heap that requests may fill, and again that answers may.
  private static final int BUFFERS_SHARE_OF_HEAP = 4;

  /// The share of the heap that connections may fill. With both kinds of buffers full as well, some
  /// megabytes are left for the program itself.
  private static final int CONNECTIONS_SHARE_OF_HEAP = 3;

  /// What a connection with an open event stream takes at most: two threads' stacks, two parsers
  /// and small buffers. 2,000 of them were measured at 21 KB each.
  private static final int CONNECTION_BYTES = 24 << 10;

  /// What holds unless the operator says otherwise.
  public static final HttpLimits DEFAULT =
      new HttpLimits(2_048, 8 << 10, 16 << 10, (4 << 20) + (64 << 10), 16 << 20, 32L << 20);

  /// These limits, lowered to what a heap can hold. A limit that cannot be kept would turn a large
  /// answer, or one client too many, into a front without memory that answers nobody.
  ///
  /// @param heapBytes the largest size of the heap
  HttpLimits fittedTo(long heapBytes) {
    var buffers = Math.min(bufferBytes, heapBytes / BUFFERS_SHARE_OF_HEAP);
    var places = heapBytes / CONNECTIONS_SHARE_OF_HEAP / CONNECTION_BYTES;
    return new HttpLimits(
        (int) Math.min(connections, places),
        requestTargetBytes,
        headBytes,
        (int) Math.min(bodyBytes, buffers),
        (int) Math.min(answerBytes, buffers),
        buffers);
  }
}
