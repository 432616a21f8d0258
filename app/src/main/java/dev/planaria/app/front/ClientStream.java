package dev.planaria.app.front;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongSupplier;

/// What goes out to one client: whole answers, or one stream of events after another. One thread
/// writes at a time; [#writingSinceNanos] may be read by any.
final class ClientStream {

  /// Bodies up to this size go out in one write with their head.
  private static final int ONE_WRITE_BYTES = 16 << 10;

  private final OutputStream out;
  private final LongSupplier nanoTime;
  private volatile long writingSinceNanos;
  private volatile boolean streaming;
  private boolean chunked;
  private boolean endsWithConnection;

  ClientStream(OutputStream out, LongSupplier nanoTime) {
    this.out = out;
    this.nanoTime = nanoTime;
  }

  /// When the present write began, or 0 when there is none.
  long writingSinceNanos() {
    return writingSinceNanos;
  }

  /// True between the head of an event stream and its end.
  boolean isStreaming() {
    return streaming;
  }

  /// True when the last answer has no end but that of the connection.
  boolean endsWithConnection() {
    return endsWithConnection;
  }

  /// Sends an answer of the front's own.
  void answer(Answer answer, Request request, boolean keepAlive) throws IOException {
    answer(answer, request.isHead(), request.http11(), keepAlive);
  }

  /// Sends an answer of the front's own to a request that was not understood as one.
  void answer(Answer answer, boolean headOnly, boolean http11, boolean keepAlive)
      throws IOException {
    var head = statusLine(answer.status(), Reasons.of(answer.status()));
    var extra = answer.extra();
    Headers.write(head, extra == null ? List.of() : List.of(extra));
    head.append("Content-Type: application/json\r\nCache-Control: no-store\r\nContent-Length: ")
        .append(answer.body().length)
        .append("\r\n");
    endHead(head, http11, keepAlive);
    write(join(head, headOnly ? new byte[0] : answer.body()));
  }

  /// Sends the worker's answer, which is complete.
  void answer(ResponseHead answer, Body body, Request request, boolean keepAlive)
      throws IOException {
    var head = statusLine(answer.status(), answer.reason());
    Headers.write(head, Headers.endToEnd(answer.headers()));
    if (request.isHead()) {
      var length = answer.header("Content-Length");
      if (length != null) {
        head.append("Content-Length: ").append(length).append("\r\n");
      }
    } else if (!answer.isBodiless()) {
      head.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    endHead(head, request.http11(), keepAlive);
    if (request.isHead() || body.length() == 0) {
      write(join(head, new byte[0]));
    } else if (body.length() <= ONE_WRITE_BYTES) {
      write(join(head, body.toBytes()));
    } else {
      write(join(head, new byte[0]));
      for (var part : body.parts()) {
        write(part.array(), part.arrayOffset(), part.remaining());
      }
    }
  }

  /// Sends the head of an event stream, and in the same write the events that are there already.
  void beginEvents(ResponseHead answer, ByteBuffer events, Request request, boolean keepAlive)
      throws IOException {
    var head = statusLine(answer.status(), answer.reason());
    Headers.write(head, Headers.endToEnd(answer.headers()));
    chunked = request.http11();
    endsWithConnection = !chunked;
    if (chunked) {
      head.append("Transfer-Encoding: chunked\r\n");
    }
    // Without chunks only the end of the connection can end the stream.
    endHead(head, request.http11(), keepAlive && chunked);
    streaming = true;
    write(join(head, frame(events)));
  }

  /// Sends whole events in one write.
  void events(ByteBuffer events) throws IOException {
    if (events.hasRemaining()) {
      write(frame(events));
    }
  }

  /// Ends the stream properly.
  void endEvents() throws IOException {
    if (chunked) {
      write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    }
    streaming = false;
  }

  /// Tells a client that waits for it to go on and send its body (RFC 9110, section 15.2.1).
  void sendContinue() throws IOException {
    write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
  }

  private byte[] frame(ByteBuffer events) {
    var count = events.remaining();
    if (!chunked || count == 0) {
      var raw = new byte[count];
      events.get(raw);
      return raw;
    }
    var size = Integer.toHexString(count).getBytes(StandardCharsets.ISO_8859_1);
    var framed = ByteBuffer.allocate(size.length + count + 4);
    framed.put(size).put((byte) '\r').put((byte) '\n').put(events);
    framed.put((byte) '\r').put((byte) '\n');
    return framed.array();
  }

  private static StringBuilder statusLine(int status, String reason) {
    return new StringBuilder(512)
        .append("HTTP/1.1 ")
        .append(status)
        .append(' ')
        .append(reason)
        .append("\r\n");
  }

  private static void endHead(StringBuilder head, boolean http11, boolean keepAlive) {
    if (!keepAlive) {
      head.append("Connection: close\r\n");
    } else if (!http11) {
      head.append("Connection: keep-alive\r\n");
    }
    head.append("\r\n");
  }

  private static byte[] join(StringBuilder head, byte[] body) {
    var first = head.toString().getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.allocate(first.length + body.length).put(first).put(body).array();
  }

  private void write(byte[] bytes) throws IOException {
    write(bytes, 0, bytes.length);
  }

  private void write(byte[] bytes, int offset, int count) throws IOException {
    writingSinceNanos = nonZero(nanoTime.getAsLong());
    try {
      out.write(bytes, offset, count);
    } finally {
      writingSinceNanos = 0;
    }
  }

  private static long nonZero(long nanos) {
    return nanos == 0 ? 1 : nanos;
  }
}
