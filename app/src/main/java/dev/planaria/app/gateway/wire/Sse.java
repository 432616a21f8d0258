package dev.planaria.app.gateway.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes server-sent events (WHATWG HTML section 9.2). Data is always one line: JSON without line
/// breaks.
public final class Sse {
  private static final byte[] KEEP_ALIVE = ascii(": keep-alive\n\n");
  private static final byte[] DATA = ascii("data: ");
  private static final byte[] END = ascii("\n\n");

  private Sse() {}

  /// An event that carries an id and no data, so that a client which loses the stream right after
  /// it knows where to resume, and how long to wait before it does.
  ///
  /// @param eventId the position in the stream
  /// @param retryMillis what the client shall wait before it resumes
  public static byte[] primer(String eventId, long retryMillis) {
    return ascii("retry: " + retryMillis + "\nid: " + eventId + "\ndata: \n\n");
  }

  /// A message with a position.
  public static byte[] message(String eventId, byte[] json) {
    return join(ascii("id: " + eventId + "\n"), DATA, json, END);
  }

  /// A message that cannot be resumed from.
  public static byte[] message(byte[] json) {
    return join(DATA, json, END);
  }

  /// A comment, which keeps proxies and clients from closing a quiet stream. Callers do not change
  /// the bytes.
  public static byte[] keepAlive() {
    return KEEP_ALIVE.clone();
  }

  /// Parts one after the other.
  public static byte[] join(byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    byte[] joined = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, joined, at, part.length);
      at += part.length;
    }
    return joined;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
