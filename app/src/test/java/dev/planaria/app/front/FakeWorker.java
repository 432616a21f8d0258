package dev.planaria.app.front;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A worker that speaks the protocol of the real one with nothing but the JDK, and does what a
/// request's query tells it to: wait, die at a named point, answer oddly. See [FakeAnswers].
final class FakeWorker {

  /// A request as it came over the Unix socket.
  record Received(
      String method, String target, Map<String, String> headers, String body, String rawHead) {

    String path() {
      var query = target.indexOf('?');
      return query < 0 ? target : target.substring(0, query);
    }

    /// A number from the query, or the given one.
    int number(String name, int otherwise) {
      var text = word(name);
      return text == null ? otherwise : Integer.parseInt(text);
    }

    /// A word from the query, or null.
    @Nullable String word(String name) {
      var query = target.indexOf('?');
      if (query < 0) {
        return null;
      }
      for (var pair : target.substring(query + 1).split("&", -1)) {
        if (pair.startsWith(name + "=")) {
          return pair.substring(name.length() + 1);
        }
      }
      return null;
    }

    boolean isResend() {
      return headers.containsKey("planaria-resend");
    }
  }

  private final Path data;
  private final Ledger ledger;
  private final AtomicInteger busy = new AtomicInteger();
  private volatile boolean draining;

  private FakeWorker(Path data) throws IOException {
    this.data = data;
    this.ledger = new Ledger(data.resolve("ledger"));
  }

  public static void main(String[] arguments) throws Exception {
    var data = Path.of(after(arguments, "--data"));
    var socket = Path.of(after(arguments, "--socket"));
    if (arguments.length > 0 && arguments[arguments.length - 1].equals("never-ready")) {
      System.exit(7);
    }
    new FakeWorker(data).serve(socket);
  }

  private static String after(String[] arguments, String name) {
    for (var i = 0; i + 1 < arguments.length; i++) {
      if (arguments[i].equals(name)) {
        return arguments[i + 1];
      }
    }
    throw new IllegalArgumentException(name + " is missing");
  }

  private void serve(Path socket) throws IOException {
    var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket), 1_024);
    Thread.ofPlatform().daemon().start(this::obeyFront);
    Thread.ofPlatform().daemon().start(FakeWorker::beat);
    say("{\"event\":\"ready\"}");
    while (true) {
      var channel = server.accept();
      Thread.ofVirtual().start(() -> converse(channel));
    }
  }

  static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private static void beat() {
    while (true) {
      work(100);
      say("{\"event\":\"heartbeat\",\"state\":\"fake\"}");
    }
  }

  /// Takes so much time, as work would.
  static void work(long millis) {
    try {
      var never = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
      assert !never;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The end of standard input, or a line `drain` in it: end the calls under way, and go.
  private void obeyFront() {
    try {
      var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      var order = in.readLine();
      ledger.note(order == null ? "orphaned" : order);
      draining = true;
      while (busy.get() > 0) {
        work(5);
      }
      say("{\"event\":\"clean\"}");
      Runtime.getRuntime().halt(0);
    } catch (IOException e) {
      Runtime.getRuntime().halt(1);
    }
  }

  private void converse(SocketChannel channel) {
    try (channel) {
      var in = new BufferedInputStream(Channels.newInputStream(channel));
      var out = Channels.newOutputStream(channel);
      while (true) {
        var request = read(in);
        if (request == null) {
          return;
        }
        // Streams that only end with their client are no calls; they stay open until we are gone.
        var counts = !request.path().equals("/listen");
        if (draining) {
          work(Long.MAX_VALUE);
        }
        if (request.isResend()) {
          ledger.note("resent");
        }
        if (counts) {
          busy.incrementAndGet();
        }
        try {
          new FakeAnswers(data, ledger, busy).answer(request, out);
        } finally {
          if (counts) {
            busy.decrementAndGet();
          }
        }
      }
    } catch (IOException e) {
      // The front closed the connection: nobody waits any more.
      ledger.note("gone");
    }
  }

  private static @Nullable Received read(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (!endsHead(head)) {
      var b = in.read();
      if (b < 0) {
        if (head.isEmpty()) {
          return null;
        }
        throw new EOFException("in a head");
      }
      head.append((char) b);
    }
    var lines = head.toString().split("\r\n", -1);
    var first = lines[0].split(" ", -1);
    var headers = new HashMap<String, String>();
    for (var i = 1; i < lines.length && !lines[i].isEmpty(); i++) {
      var colon = lines[i].indexOf(':');
      headers.put(
          lines[i].substring(0, colon).toLowerCase(Locale.ROOT), lines[i].substring(colon + 2));
    }
    var length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    var body = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    return new Received(first[0], first[1], headers, body, head.toString());
  }

  private static boolean endsHead(StringBuilder head) {
    var length = head.length();
    return length >= 4 && head.charAt(length - 1) == '\n' && head.charAt(length - 3) == '\n';
  }

  /// Writes text as ISO 8859-1 and flushes.
  static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }
}
