package dev.planaria.app.shim;

import java.io.EOFException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An answer over HTTP/1.1: its head, and its body byte by byte, however it is framed (RFC 9112,
/// section 6). Not thread-safe.
final class HttpResponse {

  /// An answer that is no HTTP.
  static final class Garbled extends IOException {
    private static final long serialVersionUID = 1;

    Garbled(String sentence) {
      super(sentence);
    }
  }

  private static final long UNTIL_CLOSED = -1;
  private static final int LONGEST_CHUNK_LINE = 1_024;

  private final HttpConnection.ByteSource source;
  private final int status;
  private final Map<String, String> headers;
  private final boolean chunked;
  private long left;
  private boolean ended;
  private boolean inChunks;

  private HttpResponse(HttpConnection.ByteSource source, int status, Map<String, String> headers)
      throws Garbled {
    this.source = source;
    this.status = status;
    this.headers = headers;
    this.chunked =
        headers.getOrDefault("transfer-encoding", "").toLowerCase(Locale.ROOT).endsWith("chunked");
    this.left = chunked ? 0 : length();
    this.ended = left == 0 && !chunked;
  }

  static HttpResponse readHead(HttpConnection.ByteSource source, int mostBytes) throws IOException {
    var budget = new int[] {mostBytes};
    var first = line(source, budget);
    var words = first.split(" ", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("[1-9][0-9]{2}")) {
      throw new Garbled("the daemon's port answers with something that is no HTTP");
    }
    var headers = new HashMap<String, String>();
    for (var line = line(source, budget); !line.isEmpty(); line = line(source, budget)) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new Garbled("a header without a colon");
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new HttpResponse(source, Integer.parseInt(words[1]), headers);
  }

  private static String line(HttpConnection.ByteSource source, int[] budget) throws IOException {
    var line = new StringBuilder();
    for (int b = source.require(); b != '\n'; b = source.require()) {
      if (--budget[0] < 0) {
        throw new Garbled("the head of an answer is too long");
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  private long length() throws Garbled {
    if (status == 204 || status == 304 || status < 200) {
      return 0;
    }
    var text = headers.get("content-length");
    if (text == null) {
      return UNTIL_CLOSED;
    }
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException _) {
      throw new Garbled("a Content-Length that is no number");
    }
  }

  int status() {
    return status;
  }

  /// A header's value, or null.
  @Nullable String header(String lowerCaseName) {
    return headers.get(lowerCaseName);
  }

  boolean isEventStream() {
    return headers
        .getOrDefault("content-type", "")
        .toLowerCase(Locale.ROOT)
        .startsWith("text/event-stream");
  }

  /// True when the body was read to its end and the connection may carry another request.
  boolean leavesConnectionUsable() {
    return ended
        && left != UNTIL_CLOSED
        && !headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT).contains("close");
  }

  /// The next byte of the body, or -1 at its end.
  int read() throws IOException {
    if (!hasMore()) {
      return -1;
    }
    if (left == UNTIL_CLOSED) {
      int b = source.read();
      ended = b < 0;
      return b;
    }
    took(1);
    return source.require();
  }

  /// Copies what has arrived of the body, waiting for at least one byte.
  ///
  /// @param toLineEnd whether to stop before the next CR or LF, which may be at once
  /// @return how many bytes; -1 at the end of the body
  int copy(byte[] into, int from, int most, boolean toLineEnd) throws IOException {
    if (!hasMore()) {
      return -1;
    }
    int room = left == UNTIL_CLOSED ? most : (int) Math.min(most, left);
    int count = source.copy(into, from, room, toLineEnd);
    if (count < 0 && left != UNTIL_CLOSED) {
      throw new EOFException("the connection ended within an answer");
    }
    ended = count < 0;
    if (count > 0 && left != UNTIL_CLOSED) {
      took(count);
    }
    return count;
  }

  private boolean hasMore() throws IOException {
    if (!ended && left == 0) {
      nextChunk();
    }
    return !ended;
  }

  private void took(int count) {
    left -= count;
    ended = left == 0 && !chunked;
  }

  private void nextChunk() throws IOException {
    var budget = new int[] {LONGEST_CHUNK_LINE};
    if (inChunks && !line(source, budget).isEmpty()) {
      throw new Garbled("a chunk is longer than it says");
    }
    inChunks = true;
    var size = line(source, budget);
    int extension = size.indexOf(';');
    try {
      left =
          Long.parseUnsignedLong((extension < 0 ? size : size.substring(0, extension)).strip(), 16);
    } catch (NumberFormatException _) {
      throw new Garbled("a chunk without a size");
    }
    if (left == 0) {
      while (!line(source, budget).isEmpty()) {
        // Trailers say nothing to us.
      }
      ended = true;
    }
  }
}
