package dev.planaria.app.front;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/// One connection to one worker, over its Unix domain socket: HTTP/1.1, one request at a time. Used
/// by one thread at a time; interrupting that thread closes the connection, and so the worker
/// learns that nobody waits any more.
final class WorkerLink implements HttpParser.ResponseHandler, AutoCloseable {

  private static final int QUIET_BYTES = 1 << 10;
  private static final int BUSY_BYTES = 16 << 10;

  /// The worker is ours; this only bounds what a broken one could do to us.
  private static final int HEAD_BYTES = 64 << 10;

  private final long generation;
  private final SocketChannel channel;
  private final HttpParser parser = new HttpParser(this, HEAD_BYTES, HttpCompliance.RFC9110);
  private ByteBuffer buffer = ByteBuffer.allocate(QUIET_BYTES).flip();

  private boolean reused;
  private boolean answering;
  private int status;
  private String reason = "";
  private List<Header> headers = new ArrayList<>();
  private boolean headRead;
  private boolean complete = true;
  private boolean broken;
  private @Nullable ByteBuffer content;

  private WorkerLink(long generation, SocketChannel channel) {
    this.generation = generation;
    this.channel = channel;
    parser.setHeaderCacheSize(0);
  }

  /// Connects to the worker.
  static WorkerLink connect(long generation, UnixDomainSocketAddress address) throws IOException {
    return new WorkerLink(generation, SocketChannel.open(address));
  }

  /// Which worker this leads to.
  long generation() {
    return generation;
  }

  /// Sends a request: its own end-to-end fields, the given ones of ours, and its body.
  void send(Request request, List<Header> ours) throws WorkerGone {
    answering = false;
    complete = false;
    headRead = false;
    var head = new StringBuilder(512);
    head.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\n");
    if (request.header("host") == null) {
      head.append("Host: localhost\r\n");
    }
    Headers.write(head, Headers.endToEnd(request.headers()));
    Headers.write(head, ours);
    var body = request.body();
    if (body.length() > 0 || request.method().equals("POST")) {
      head.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    head.append("\r\n");
    try {
      write(head.toString().getBytes(StandardCharsets.ISO_8859_1), body);
    } catch (IOException e) {
      throw gone("while the request was sent", e);
    }
  }

  private void write(byte[] head, Body body) throws IOException {
    if (body.length() > 0 && head.length + body.length() <= BUSY_BYTES) {
      var both = ByteBuffer.allocate(head.length + body.length()).put(head);
      body.parts().forEach(both::put);
      writeAll(both.flip());
      return;
    }
    writeAll(ByteBuffer.wrap(head));
    for (var part : body.parts()) {
      writeAll(part);
    }
  }

  private void writeAll(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /// Waits for the head of the answer; interim answers (1xx) are passed over.
  ///
  /// @param toHead true when the request was a HEAD, whose answer has no body
  ResponseHead readHead(boolean toHead) throws WorkerGone {
    while (true) {
      headers = new ArrayList<>();
      parser.setHeadResponse(toHead);
      while (!headRead) {
        parse();
        if (!headRead && !buffer.hasRemaining()) {
          fill();
        }
      }
      if (status >= 200) {
        return new ResponseHead(status, reason, headers);
      }
      while (readContent() != null) {
        // An interim answer has no content; this only finishes it.
      }
      headRead = false;
      complete = false;
    }
  }

  /// True when bytes that may belong to the body have been read already, so that the next
  /// [#readContent] may well return without waiting.
  boolean hasMore() {
    return buffer.hasRemaining();
  }

  /// Waits for more of the body; null at its proper end. The bytes are only valid until the next
  /// call.
  @Nullable ByteBuffer readContent() throws WorkerGone {
    content = null;
    while (!complete) {
      parse();
      if (content != null) {
        return content;
      }
      if (!complete && !buffer.hasRemaining()) {
        fill();
      }
    }
    if (parser.isComplete()) {
      parser.reset();
    }
    return null;
  }

  private void parse() throws WorkerGone {
    parser.parseNext(buffer);
    if (broken) {
      throw gone("with an answer that is not well-formed", null);
    }
  }

  private void fill() throws WorkerGone {
    if (buffer.limit() == buffer.capacity() && buffer.capacity() < BUSY_BYTES) {
      buffer = ByteBuffer.allocate(BUSY_BYTES).flip();
    }
    buffer.clear();
    int count;
    try {
      count = channel.read(buffer);
    } catch (IOException e) {
      throw gone("while its answer was awaited", e);
    }
    buffer.flip();
    if (count < 0) {
      throw gone("before its answer was complete", null);
    }
    answering = true;
  }

  private WorkerGone gone(String when, @Nullable IOException cause) {
    close();
    return new WorkerGone(generation, reused && !answering, "the worker went away " + when, cause);
  }

  /// Makes the link ready to be kept; false when it can serve no further request.
  boolean rest() {
    if (!complete || buffer.hasRemaining() || !parser.isStart() || !channel.isOpen()) {
      return false;
    }
    if (Headers.lists(headers, "connection", "close")) {
      return false;
    }
    reused = true;
    headers = new ArrayList<>();
    if (buffer.capacity() > QUIET_BYTES) {
      buffer = ByteBuffer.allocate(QUIET_BYTES).flip();
    }
    return true;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException _) {
      // Nothing is lost with it: what mattered was read or is sent again.
    }
  }

  @Override
  public void startResponse(HttpVersion version, int status, @Nullable String reason) {
    this.status = status;
    this.reason = reason == null ? "" : reason;
  }

  @Override
  public void parsedHeader(HttpField field) {
    headers.add(Header.of(field));
  }

  @Override
  public boolean headerComplete() {
    headRead = true;
    return true;
  }

  @Override
  public boolean content(ByteBuffer bytes) {
    content = bytes;
    return true;
  }

  @Override
  public boolean contentComplete() {
    return false;
  }

  @Override
  public boolean messageComplete() {
    complete = true;
    return true;
  }

  @Override
  public void earlyEOF() {
    broken = true;
  }

  @Override
  public void badMessage(HttpException failure) {
    broken = true;
  }
}
