package dev.planaria.app.daemon;

import dev.planaria.app.gateway.wire.BadRequest;
import dev.planaria.app.gateway.wire.EventStream;
import dev.planaria.app.gateway.wire.Exchange;
import dev.planaria.app.gateway.wire.Headers;
import dev.planaria.app.gateway.wire.HttpAnswer;
import dev.planaria.app.gateway.wire.RequestHead;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/// The worker's HTTP/1.1 server: Jetty's core on a Unix domain socket, one virtual thread per
/// request. Everything that knows Jetty is in this file; the rest sees [Exchange].
final class WorkerHttp {
  /// All headers of a request together; the largest ones carry a 4 kB resource name in Base64.
  private static final int HEAD_BYTES = 16 << 10;

  /// Names of servers and sessions may hold anything, a `/` or a `%` too, and stand in paths
  /// percent-encoded. Jetty refuses that for those who map paths to files; here a path is never
  /// resolved: it is split first, and each part is decoded once.
  private static final UriCompliance NAMES_IN_PATHS =
      UriCompliance.DEFAULT.with(
          "names in paths",
          UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
          UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING,
          UriCompliance.Violation.SUSPICIOUS_PATH_CHARACTERS);

  private final Server server;
  private final AtomicBoolean severed = new AtomicBoolean();

  /// Answers one request.
  @FunctionalInterface
  interface Answerer {
    /// Answers it to the end.
    ///
    /// @throws IOException when the client is gone
    void answer(Exchange exchange) throws IOException;
  }

  /// Prepares a server; [#start] makes it listen.
  ///
  /// @param socket the file that the front connects to; made anew
  WorkerHttp(Path socket, Answerer answerer) {
    var threads = new VirtualThreadPool();
    threads.setMaxConcurrentTasks(-1); // its default of 200 would starve behind idle streams
    threads.setName("http");
    server = new Server(threads);
    var configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setSendDateHeader(false);
    configuration.setRequestHeaderSize(HEAD_BYTES);
    configuration.setResponseHeaderSize(HEAD_BYTES);
    configuration.setUriCompliance(NAMES_IN_PATHS);
    var connector =
        new UnixDomainServerConnector(server, 1, 1, new HttpConnectionFactory(configuration));
    connector.setUnixDomainPath(socket);
    connector.setIdleTimeout(0); // the front decides how long a connection lives
    server.addConnector(connector);
    server.setHandler(new Answering(answerer, severed));
    server.setErrorHandler(new Unreadable());
  }

  /// Listens from when this returns.
  void start() throws Exception {
    server.start();
  }

  /// Ends every connection; for a server that is not the whole process.
  void stop() throws Exception {
    server.stop();
  }

  /// From now on nothing more is sent, on no connection: what is not answered yet is left to the
  /// next process, whatever becomes of it here.
  void sever() {
    severed.set(true);
  }

  private static final class Answering extends Handler.Abstract {
    private final Answerer answerer;
    private final AtomicBoolean severed;

    Answering(Answerer answerer, AtomicBoolean severed) {
      this.answerer = answerer;
      this.severed = severed;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      var exchange = new JettyExchange(request, response, severed);
      try {
        answerer.answer(exchange);
        if (exchange.isBroken()) {
          callback.failed(new EOFException("a stream is left for the next process"));
        } else {
          callback.succeeded();
        }
      } catch (IOException | RuntimeException e) {
        callback.failed(
            e); // closes the connection, so that half an answer is not taken for a whole
      }
      return true;
    }
  }

  /// Says what Jetty found wrong with a request before anybody here saw it.
  private static final class Unreadable implements Request.Handler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
      Content.Sink.write(
          response,
          true,
          "{\"error\":{\"code\":\"BAD_REQUEST\",\"message\":\"the request is no acceptable"
              + " HTTP/1.1\"}}",
          callback);
      return true;
    }
  }

  private static final class JettyExchange implements Exchange {
    private final Request request;
    private final Response response;
    private final RequestHead head;
    private final AtomicBoolean severed;
    private boolean begun;
    private boolean ended;

    JettyExchange(Request request, Response response, AtomicBoolean severed) {
      this.severed = severed;
      this.request = request;
      this.response = response;
      var headers = new Headers.Builder();
      for (HttpField field : request.getHeaders()) {
        headers.add(field.getName(), field.getValue() == null ? "" : field.getValue());
      }
      String path = request.getHttpURI().getPath();
      String query = request.getHttpURI().getQuery();
      head =
          new RequestHead(
              request.getMethod(),
              path == null ? "" : path,
              query == null ? "" : query,
              headers.build());
    }

    @Override
    public RequestHead head() {
      return head;
    }

    @Override
    public byte[] readBody(int limitBytes) throws IOException {
      if (request.getLength() > limitBytes) {
        throw tooLong(limitBytes);
      }
      try (InputStream in = Content.Source.asInputStream(request)) {
        byte[] body = in.readNBytes(limitBytes + 1);
        if (body.length > limitBytes) {
          throw tooLong(limitBytes);
        }
        return body;
      }
    }

    private static BadRequest tooLong(int limitBytes) {
      return new BadRequest(413, "the body is longer than " + limitBytes + " bytes");
    }

    @Override
    public void send(HttpAnswer answer) throws IOException {
      begin();
      response.setStatus(answer.status());
      answer.headers().forEach((name, value) -> response.getHeaders().put(name, value));
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.body().length);
      write(true, head.method().equals("HEAD") ? new byte[0] : answer.body());
    }

    @Override
    public EventStream openStream(byte[] first) throws IOException {
      begin();
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
      response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
      response.getHeaders().put("X-Accel-Buffering", "no");
      write(false, first);
      return new EventStream() {
        @Override
        public void write(byte[] events) throws IOException {
          JettyExchange.this.write(false, events);
        }

        @Override
        public void close() throws IOException {
          JettyExchange.this.write(true, new byte[0]);
        }
      };
    }

    private void write(boolean last, byte[] bytes) throws IOException {
      if (severed.get()) {
        throw new IOException("the worker ends; the next one answers");
      }
      ended |= last;
      Content.Sink.write(response, last, ByteBuffer.wrap(bytes));
    }

    private void begin() throws IOException {
      if (begun) {
        throw new IOException("an answer had begun already and cannot be taken back");
      }
      begun = true;
    }

    /// True when a stream was begun and not ended.
    boolean isBroken() {
      return begun && !ended;
    }
  }
}
