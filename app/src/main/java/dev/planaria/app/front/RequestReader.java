package dev.planaria.app.front;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/// Reads one client's requests, one after the other, strictly (RFC 9112). What is ambiguous is
/// refused, never guessed: two lengths, folded lines, bare line feeds, white space before a colon.
/// Since a request is read whole and written anew for the worker, no byte of its framing reaches
/// the worker. Used by one thread.
final class RequestReader implements HttpParser.RequestHandler {

  private static final int QUIET_BYTES = 1 << 10;
  private static final int BUSY_BYTES = 16 << 10;

  private final InputStream in;
  private final HttpLimits limits;
  private final Budget budget;
  private final HttpParser parser;
  private ByteBuffer buffer = ByteBuffer.allocate(QUIET_BYTES).flip();

  private String method = "";
  private String target = "";
  private boolean http11;
  private List<Header> headers = new ArrayList<>();
  private @Nullable Body body;
  private Body.Room room = Body.Room.TAKEN;
  private boolean headRead;
  private boolean complete;
  private boolean begun;
  private @Nullable HttpException bad;
  private boolean badBody;

  RequestReader(InputStream in, HttpLimits limits, Budget budget) {
    this.in = in;
    this.limits = limits;
    this.budget = budget;
    this.parser = new HttpParser(this, limits.headBytes(), HttpCompliance.STRICT);
    // The parser's own cache of header fields would be kept by each idle connection.
    parser.setHeaderCacheSize(0);
  }

  /// Waits for the first byte of the next request; false at the orderly end of the connection.
  boolean awaitRequest() throws IOException {
    begin();
    while (true) {
      // Empty lines before a request are permitted (RFC 9112, section 2.2).
      while (buffer.hasRemaining()) {
        var next = buffer.get(buffer.position());
        if (next != '\r' && next != '\n') {
          return true;
        }
        buffer.get();
      }
      if (!fill()) {
        return false;
      }
    }
  }

  /// Reads a head and holds it to the rules.
  void readHead() throws IOException, Refusal {
    while (!headRead) {
      parser.parseNext(buffer);
      var refused = bad;
      if (refused != null) {
        throw HttpRules.refuseUnparsable(refused.getCode(), refused.getReason());
      }
      if (!headRead && !buffer.hasRemaining() && !fill()) {
        throw new EOFException("in a request's head");
      }
    }
    HttpRules.check(method, target, http11, headers, limits);
  }

  /// True when the client waits for our consent before it sends its body (RFC 9110, section
  /// 10.1.1).
  boolean expectsContinue() {
    return http11 && Headers.first(headers, "expect") != null && !buffer.hasRemaining();
  }

  /// How much of the body has arrived.
  int bodyBytes() {
    var current = body;
    return current == null ? 0 : current.length();
  }

  /// Reads the body and returns the request.
  Request readBody() throws IOException, Refusal {
    while (!complete) {
      parser.parseNext(buffer);
      if (room == Body.Room.LIMIT_REACHED) {
        throw HttpRules.bodyTooLarge(limits);
      }
      if (room == Body.Room.NO_BUFFER) {
        throw Refusal.closing(
            503, "too many requests are being read at once; repeat this one after a pause");
      }
      if (badBody) {
        throw Refusal.closing(400, "the chunked body is malformed");
      }
      if (!complete && !buffer.hasRemaining() && !fill()) {
        throw new EOFException("in a request's body");
      }
    }
    var request = new Request(method, target, http11, headers, takeBody());
    parser.reset();
    return request;
  }

  /// Gives back what a request that did not end holds. Safe to call at any time.
  void release() {
    var current = body;
    if (current != null) {
      current.release();
      body = null;
    }
  }

  private Body takeBody() {
    var taken = body == null ? new Body(budget, limits.bodyBytes()) : body;
    body = null;
    return taken;
  }

  private void begin() {
    headers = new ArrayList<>();
    room = Body.Room.TAKEN;
    headRead = false;
    complete = false;
    begun = false;
    if (!buffer.hasRemaining() && buffer.capacity() > QUIET_BYTES) {
      buffer = ByteBuffer.allocate(QUIET_BYTES).flip();
    }
  }

  /// Reads what there is; false at the end of the stream. The buffer grows when a read fills it,
  /// and is small again for the next request.
  private boolean fill() throws IOException {
    if (begun && buffer.limit() == buffer.capacity() && buffer.capacity() < BUSY_BYTES) {
      buffer = ByteBuffer.allocate(BUSY_BYTES);
    }
    var count = in.read(buffer.array(), 0, buffer.capacity());
    buffer.position(0).limit(Math.max(count, 0));
    begun = true;
    return count >= 0;
  }

  @Override
  public void startRequest(String method, String uri, HttpVersion version) {
    this.method = method;
    this.target = uri;
    this.http11 = version == HttpVersion.HTTP_1_1;
    if (version.getVersion() > HttpVersion.HTTP_1_1.getVersion()) {
      throw new HttpException.RuntimeException(505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
    }
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
  public boolean content(ByteBuffer content) {
    var current = body;
    if (current == null) {
      current = new Body(budget, limits.bodyBytes());
      body = current;
    }
    room = current.append(content);
    return room != Body.Room.TAKEN;
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
    badBody = true;
  }

  @Override
  public void badMessage(HttpException failure) {
    bad = failure;
  }
}
