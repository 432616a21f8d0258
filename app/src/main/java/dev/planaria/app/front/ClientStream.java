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

  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] NO_BYTES = {};

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
    write(join(head, headOnly ? NO_BYTES : answer.body()));
  }

  /// Sends the worker's answer, which is complete.
  void answer(ResponseHead answer, Body body, Request request, boolean keepAlive)
      throws IOException {
    var head = statusLine(answer.status(), answer.reason());
    Headers.write(head, Headers.endToEnd(answer.headers()));
    if (request.isHead()) {
      var length = answer.header("content-length");
      if (length != null) {
        head.append("Content-Length: ").append(length).append("\r\n");
      }
    } else if (!answer.isBodiless()) {
      head.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    endHead(head, request.http11(), keepAlive);
    if (request.isHead() || body.length() == 0) {
      write(join(head, NO_BYTES));
    } else if (body.length() <= ONE_WRITE_BYTES) {
      write(join(head, body.toBytes()));
    } else {
      write(join(head, NO_BYTES));
      for (var part : body.parts()) {
        write(part);
      }
    }
  }

  /// Sends the head of an event stream, and in the same write the events that are there already.
  void beginEvents(ResponseHead answer, List<ByteBuffer> events, Request request, boolean keepAlive)
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
    writeEvents(head, events);
  }

  /// Sends whole events, in one write unless they are large.
  void events(List<ByteBuffer> events) throws IOException {
    if (!events.isEmpty()) {
      writeEvents(new StringBuilder(8), events);
    }
  }

  private void writeEvents(StringBuilder before, List<ByteBuffer> events) throws IOException {
    var count = events.stream().mapToInt(ByteBuffer::remaining).sum();
    var framed = chunked && count > 0;
    if (framed) {
      before.append(Integer.toHexString(count)).append("\r\n");
    }
    var first = before.toString().getBytes(StandardCharsets.ISO_8859_1);
    var last = framed ? CRLF : NO_BYTES;
    if (count <= ONE_WRITE_BYTES) {
      var all = ByteBuffer.allocate(first.length + count + last.length).put(first);
      events.forEach(all::put);
      write(all.put(last).array());
      return;
    }
    write(first);
    for (var event : events) {
      write(event);
    }
    write(last);
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

  private void write(ByteBuffer bytes) throws IOException {
    if (bytes.hasArray()) {
      write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    } else {
      var copy = new byte[bytes.remaining()];
      bytes.get(copy);
      write(copy);
    }
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
