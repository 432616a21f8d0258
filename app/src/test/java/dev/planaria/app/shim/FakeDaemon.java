package dev.planaria.app.shim;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/// A port that answers as a test says, byte by byte if need be, and remembers what it was asked.
final class FakeDaemon implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 20;

  /// What was asked.
  record Asked(String method, String path, Map<String, String> headers, String body) {

    boolean has(String text) {
      return body.contains(text);
    }
  }

  /// How a request is answered.
  interface Answering {
    void answer(Asked asked, Reply reply) throws IOException;
  }

  /// The way back.
  record Reply(Socket socket) {

    void raw(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
    }

    void json(int status, String body, String... headers) throws IOException {
      raw(
          "HTTP/1.1 "
              + status
              + " X\r\nContent-Type: application/json\r\n"
              + String.join("", List.of(headers).stream().map(line -> line + "\r\n").toList())
              + "Content-Length: "
              + body.getBytes(StandardCharsets.UTF_8).length
              + "\r\n\r\n"
              + body);
    }

    void stream(String events) throws IOException {
      raw(
          """
          HTTP/1.1 200 OK\r
          Content-Type: text/event-stream\r
          Transfer-Encoding: chunked\r
          \r
          """);
      chunk(events);
    }

    void chunk(String text) throws IOException {
      if (!text.isEmpty()) {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        raw(Integer.toHexString(length) + "\r\n" + text + "\r\n");
      }
    }

    void endOfStream() throws IOException {
      raw("0\r\n\r\n");
    }

    void cut() throws IOException {
      socket.close();
    }
  }

  private final ServerSocket server;
  private final String front;
  private final Answering answering;
  private final List<Socket> sockets = Collections.synchronizedList(new ArrayList<>());
  private final List<Asked> asked = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  FakeDaemon(String front, Answering answering) throws IOException {
    this.front = front;
    this.answering = answering;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  Daemons.Daemon daemon(String worker) {
    return new Daemons.Daemon(front, worker, "127.0.0.1", server.getLocalPort(), "secret");
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed: nobody is to be served any more.
    }
  }

  private void serve(Socket socket) {
    try {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (true) {
        Asked request = read(in);
        lock.lock();
        try {
          asked.add(request);
          changed.signalAll();
        } finally {
          lock.unlock();
        }
        if (request.path().equals("/livez")) {
          new Reply(socket).json(200, "{}");
        } else {
          answering.answer(request, new Reply(socket));
        }
      }
    } catch (IOException e) {
      // The other side, or the test, has closed it.
    }
  }

  private static Asked read(InputStream in) throws IOException {
    String[] first = line(in).split(" ", 3);
    var headers = new HashMap<String, String>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Asked(
        first[0], first[1], headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("closed");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  List<Asked> asked(Predicate<Asked> wanted) {
    lock.lock();
    try {
      return asked.stream().filter(wanted).toList();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until so many such requests have come.
  List<Asked> await(int count, Predicate<Asked> wanted) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (asked.stream().filter(wanted).count() < count) {
        if (left <= 0) {
          throw new AssertionError("not asked; only " + asked);
        }
        left = changed.awaitNanos(left);
      }
      return asked.stream().filter(wanted).toList();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    die();
  }

  /// Ends all its connections, and takes no more.
  void die() throws IOException {
    server.close();
    for (Socket socket : List.copyOf(sockets)) {
      socket.close();
    }
  }
}
