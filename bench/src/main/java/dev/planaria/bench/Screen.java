package dev.planaria.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/// Somebody who has a page of the dashboard open, as far as the daemon is concerned: hears the live
/// feed, and asks for the page's documents again, at most every 0.8 s, when it tells of something
/// that the page shows. Drawing is left out, since it happens on somebody else's machine. Closed by
/// another thread.
final class Screen implements AutoCloseable {
  private static final long REDRAW_NANOS = 800_000_000L;

  /// What a page of the dashboard asks for, and on which events it does so again.
  record Page(List<String> documents, Set<String> hears) {
    static final Page OVERVIEW =
        new Page(
            List.of("overview", "kpis", "alerts", "upstreams", "health", "history"),
            Set.of("recovery", "connection", "alert", "kpis"));
    static final Page SESSIONS =
        new Page(List.of("search?limit=100"), Set.of("session", "recovery"));
  }

  private final int port;
  private final String token;
  private final Page page;
  private final AtomicLong asked = new AtomicLong();
  private final Socket feed;
  private final Thread thread;

  Screen(int port, String token, Page page) throws IOException {
    this.port = port;
    this.token = token;
    this.page = page;
    this.feed = new Socket(InetAddress.getLoopbackAddress(), port);
    this.thread = Thread.ofPlatform().name("screen").start(this::look);
  }

  /// How many documents were asked for.
  long asked() {
    return asked.get();
  }

  private void look() {
    try (var documents =
        new HttpConnection(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
      feed.getOutputStream().write(get("events"));
      var lines =
          new BufferedReader(new InputStreamReader(feed.getInputStream(), StandardCharsets.UTF_8));
      long drawn = draw(documents);
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        boolean heard =
            line.startsWith("event:") && page.hears().contains(line.substring(6).strip());
        if (heard && System.nanoTime() - drawn > REDRAW_NANOS) {
          drawn = draw(documents);
        }
      }
    } catch (IOException e) {
      if (!feed.isClosed()) {
        throw new IllegalStateException("a screen went dark", e);
      }
    }
  }

  private long draw(HttpConnection documents) throws IOException {
    for (String document : page.documents()) {
      HttpConnection.Answer answer = documents.send(get(document));
      if (answer.status() != 200) {
        throw new IOException(document + " was answered with " + answer.status());
      }
      asked.incrementAndGet();
    }
    return System.nanoTime();
  }

  private byte[] get(String path) {
    return """
    GET /api/v1/%s HTTP/1.1
    Host: 127.0.0.1:%d
    Authorization: Bearer %s

    """
        .formatted(path, port, token)
        .replace("\n", "\r\n")
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    feed.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
