package dev.planaria.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/// Jetty answering every request with the same bytes, after it has read the request's body: what
/// HTTP costs without us. A process of its own; prints its port and runs until its stdin ends.
final class ConstantServer {

  private static final byte[] ANSWER =
      "{\"constant\":\"%s\"}".formatted("x".repeat(300)).getBytes(StandardCharsets.UTF_8);

  private ConstantServer() {}

  public static void main(String[] args) throws Exception {
    var threads = new VirtualThreadPool();
    threads.setMaxConcurrentTasks(-1);
    var server = new Server(threads);
    var connector = new ServerConnector(server, 1, 1);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(new Constant());
    server.start();
    System.out.println(connector.getLocalPort());
    while (System.in.read() >= 0) {
      // Only its end means anything.
    }
    server.stop();
  }

  private static final class Constant extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      var _ = Content.Source.asByteBuffer(request);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
      response.write(true, ByteBuffer.wrap(ANSWER), callback);
      return true;
    }
  }
}
