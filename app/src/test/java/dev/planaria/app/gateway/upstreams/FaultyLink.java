package dev.planaria.app.gateway.upstreams;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/// A TCP proxy in front of a server that does to connections what networks do. The fault counts for
/// the connections that are opened after it was set.
public final class FaultyLink implements AutoCloseable {
  /// What happens to a connection.
  public sealed interface Fault {
    /// Nothing.
    record None() implements Fault {}

    /// Closed as soon as something was sent.
    record Drop() implements Fault {}

    /// Reset as soon as something was sent.
    record Reset() implements Fault {}

    /// Everything is swallowed.
    record Silence() implements Fault {}

    /// Everything arrives, late.
    record Delay(long millis) implements Fault {}

    /// What the server says arrives byte by byte.
    record Bytes() implements Fault {}

    /// The server says only so much, then the connection is closed.
    record CutAfter(int bytes) implements Fault {}

    /// Something else answers, and closes.
    record Answer(String text) implements Fault {}

    /// Something else answers, with as much as anybody likes, and closes.
    record Flood(String head, String piece, long times, String tail) implements Fault {}
  }

  private final ServerSocket listener;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger hits = new AtomicInteger();
  private volatile Fault fault = new Fault.None();
  private volatile boolean frozen;

  /// @param target the port of the server on this machine
  public FaultyLink(int target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /// Where clients connect.
  public int port() {
    return listener.getLocalPort();
  }

  /// From the next connection on.
  public void set(Fault next) {
    fault = next;
  }

  /// How many connections a fault has really hit.
  public int hits() {
    return hits.get();
  }

  /// From now on nothing passes in either direction, and no connection ends; connections that are
  /// open now stay so until they are cut.
  public void freeze() {
    fault = new Fault.Silence();
    frozen = true;
    hits.addAndGet(open.size());
  }

  /// Connections that are opened from now on work again.
  public void thaw() {
    frozen = false;
    fault = new Fault.None();
  }

  /// Cuts every connection that is open.
  public void cutAll() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cutAll();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        client.setTcpNoDelay(true);
        open.add(client);
        Fault now = fault;
        Thread.ofVirtual().start(() -> serve(client, now));
      }
    } catch (IOException closed) {
      // connections that are open are cut by whoever closes the link
    }
  }

  private void serve(Socket client, Fault now) {
    if (!(now instanceof Fault.None)) {
      hits.incrementAndGet();
    }
    try (client) {
      switch (now) {
        case Fault.None() -> pass(client, now);
        case Fault.Delay _, Fault.Bytes(), Fault.CutAfter _ -> pass(client, now);
        case Fault.Drop() -> client.getInputStream().read();
        case Fault.Reset() -> {
          client.getInputStream().read();
          client.setSoLinger(true, 0);
        }
        case Fault.Silence() -> {
          byte[] buffer = new byte[4_096];
          while (client.getInputStream().read(buffer) >= 0) {
            Thread.onSpinWait();
          }
        }
        case Fault.Answer(String text) -> {
          readRequest(client.getInputStream());
          client.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
          client.shutdownOutput();
          client.getInputStream().readAllBytes();
        }
        case Fault.Flood flood -> {
          readRequest(client.getInputStream());
          OutputStream out = client.getOutputStream();
          byte[] piece = flood.piece.getBytes(StandardCharsets.UTF_8);
          out.write(flood.head.getBytes(StandardCharsets.UTF_8));
          for (long i = 0; i < flood.times; i++) {
            out.write(piece);
          }
          out.write(flood.tail.getBytes(StandardCharsets.UTF_8));
          client.shutdownOutput();
          client.getInputStream().readAllBytes();
        }
      }
    } catch (IOException cut) {
      // that is what links do
    } finally {
      open.remove(client);
    }
  }

  private void pass(Socket client, Fault now) throws IOException {
    var server = new Socket(InetAddress.getLoopbackAddress(), target);
    try {
      server.setTcpNoDelay(true);
      open.add(server);
      var up = Thread.ofVirtual().start(() -> copy(client, server, new Fault.None()));
      copy(server, client, now);
      server.close();
      client.close();
      up.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      server.close();
    }
  }

  private void copy(Socket from, Socket to, Fault now) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[8_192];
      int left = now instanceof Fault.CutAfter(int bytes) ? bytes : Integer.MAX_VALUE;
      for (int length = in.read(buffer); length >= 0 && left > 0; length = in.read(buffer)) {
        if (now instanceof Fault.Delay(long millis)) {
          pause(millis);
        }
        if (frozen) {
          continue;
        }
        int most = Math.min(length, left);
        left -= most;
        if (now instanceof Fault.Bytes) {
          for (int i = 0; i < most; i++) {
            out.write(buffer, i, 1);
            out.flush();
          }
        } else {
          out.write(buffer, 0, most);
          out.flush();
        }
        if (left == 0) {
          return;
        }
      }
      to.shutdownOutput();
    } catch (IOException cut) {
      open.remove(from);
    }
  }

  private static void pause(long millis) throws IOException {
    try {
      if (new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)) {
        throw new IOException("nobody counts down");
      }
    } catch (InterruptedException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }

  /// Up to the end of the body that `Content-Length` announces.
  private static void readRequest(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        return;
      }
      head.append((char) b);
    }
    var length = Pattern.compile("(?i)content-length: ([0-9]+)").matcher(head.toString());
    if (length.find()) {
      in.readNBytes(Integer.parseInt(length.group(1)));
    }
  }
}
