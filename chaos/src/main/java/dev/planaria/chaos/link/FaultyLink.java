package dev.planaria.chaos.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/// A TCP proxy in front of a server on this machine that does to connections what networks do: to
/// those that are opened after it was told to ([#set]), or to those that are open as well
/// ([#setForAll]). Thread-safe.
public final class FaultyLink implements AutoCloseable {

  private static final LinkFault NONE = new LinkFault.None();

  private final ServerSocket listener;
  private final int target;
  private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
  private final Set<Socket> servers = ConcurrentHashMap.newKeySet();
  private final AtomicInteger hits = new AtomicInteger();
  private volatile LinkFault fault = NONE;
  private volatile LinkFault onOpen = NONE;

  /// Opens it on a port that is free.
  ///
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

  /// The same as an address, without a slash at the end.
  public URI url() {
    return URI.create("http://127.0.0.1:" + port());
  }

  /// What happens to connections from the next one on; those that are open stay as they are.
  public void set(LinkFault next) {
    fault = next;
  }

  /// What happens to connections that are open and to those that are opened from now on.
  public void setForAll(LinkFault next) {
    boolean atOnce =
        next instanceof LinkFault.Drop
            || next instanceof LinkFault.Reset
            || next instanceof LinkFault.Silence;
    fault = atOnce ? next : NONE;
    onOpen = next;
  }

  /// How often a fault has really hit: a connection that was opened under it, or a piece of what
  /// was said on one that was open before.
  public int hits() {
    return hits.get();
  }

  /// How many clients are connected.
  public int openConnections() {
    return clients.size();
  }

  /// From now on nothing passes in either direction, and no connection ends; connections that are
  /// open now stay so until they are cut.
  public void freeze() {
    setForAll(new LinkFault.Silence());
    hits.addAndGet(clients.size());
  }

  /// Everything works again.
  public void thaw() {
    setForAll(NONE);
  }

  /// Cuts every connection that is open, in an orderly way.
  ///
  /// @return how many clients were connected
  public int cutAll() throws IOException {
    int met = clients.size();
    for (Socket socket : clients) {
      socket.close();
    }
    for (Socket socket : servers) {
      socket.close();
    }
    return met;
  }

  /// Resets every connection that is open.
  ///
  /// @return how many clients were connected
  public int resetAll() throws IOException {
    for (Socket socket : clients) {
      try {
        socket.setSoLinger(true, 0);
      } catch (IOException closed) {
        // it ended of itself a moment ago
      }
    }
    return cutAll();
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
        clients.add(client);
        LinkFault now = fault;
        Thread.ofVirtual().start(() -> serve(client, now));
      }
    } catch (IOException closed) {
      // connections that are open are cut by whoever closes the link
    }
  }

  private void serve(Socket client, LinkFault now) {
    if (!(now instanceof LinkFault.None)) {
      hits.incrementAndGet();
    }
    try (client) {
      switch (now) {
        case LinkFault.None(),
            LinkFault.Delay _,
            LinkFault.Rate _,
            LinkFault.Bytes(),
            LinkFault.CutAfter _,
            LinkFault.AnswersLost(),
            LinkFault.Garbage _ ->
            pass(client, now);
        case LinkFault.Drop() -> client.getInputStream().read();
        case LinkFault.Reset() -> {
          client.getInputStream().read();
          client.setSoLinger(true, 0);
        }
        case LinkFault.Silence() -> {
          byte[] buffer = new byte[4_096];
          while (client.getInputStream().read(buffer) >= 0) {
            Thread.onSpinWait();
          }
        }
        case LinkFault.Answer(String text) -> {
          readRequest(client.getInputStream());
          client.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
          client.shutdownOutput();
          client.getInputStream().readAllBytes();
        }
        case LinkFault.Flood flood -> flood(client, flood);
      }
    } catch (IOException cut) {
      // that is what links do
    } finally {
      clients.remove(client);
    }
  }

  private static void flood(Socket client, LinkFault.Flood flood) throws IOException {
    readRequest(client.getInputStream());
    OutputStream out = client.getOutputStream();
    byte[] piece = flood.piece().getBytes(StandardCharsets.UTF_8);
    out.write(flood.head().getBytes(StandardCharsets.UTF_8));
    for (long i = 0; i < flood.times(); i++) {
      out.write(piece);
    }
    out.write(flood.tail().getBytes(StandardCharsets.UTF_8));
    client.shutdownOutput();
    client.getInputStream().readAllBytes();
  }

  private void pass(Socket client, LinkFault now) throws IOException {
    var server = new Socket(InetAddress.getLoopbackAddress(), target);
    try {
      server.setTcpNoDelay(true);
      servers.add(server);
      var up = Thread.ofVirtual().start(() -> copy(client, server, NONE, false));
      copy(server, client, now, true);
      server.close();
      client.close();
      up.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      servers.remove(server);
      server.close();
    }
  }

  /// @param now what the connection was opened under
  /// @param answers whether it is the server that speaks
  private void copy(Socket from, Socket to, LinkFault now, boolean answers) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[8_192];
      int left = now instanceof LinkFault.CutAfter(int bytes) ? bytes : Integer.MAX_VALUE;
      for (int length = in.read(buffer); length >= 0 && left > 0; length = in.read(buffer)) {
        int most = Math.min(length, left);
        left -= most;
        LinkFault late = onOpen;
        boolean isLate = !(late instanceof LinkFault.None);
        boolean goesOn = carry(buffer, most, out, isLate ? late : now, answers, isLate);
        if (!goesOn || left == 0) {
          return;
        }
      }
      to.shutdownOutput();
    } catch (IOException cut) {
      clients.remove(from);
    }
  }

  /// Passes a piece on, or does to it what is to be done.
  ///
  /// @param counts whether a piece that it is done to is a hit; under a fault that a connection was
  ///   opened with, the connection is
  /// @return false when the connection is over
  private boolean carry(
      byte[] buffer, int length, OutputStream out, LinkFault fate, boolean answers, boolean counts)
      throws IOException {
    switch (fate) {
      case LinkFault.Silence() -> {
        return true;
      }
      case LinkFault.AnswersLost() when answers -> {
        hit(counts);
        return true;
      }
      case LinkFault.Delay(long millis) -> {
        hit(counts);
        pause(millis);
        out.write(buffer, 0, length);
      }
      case LinkFault.Rate(long bytesPerSecond) -> {
        hit(counts);
        out.write(buffer, 0, length);
        out.flush();
        pause(length * 1_000L / bytesPerSecond);
      }
      case LinkFault.Bytes() when answers -> {
        for (int i = 0; i < length; i++) {
          out.write(buffer, i, 1);
          out.flush();
        }
      }
      case LinkFault.Garbage(String inserted) when answers -> {
        hit(counts);
        out.write(buffer, 0, length / 2);
        out.write(inserted.getBytes(StandardCharsets.ISO_8859_1));
        out.write(buffer, length / 2, length - length / 2);
        out.flush();
        return false;
      }
      case LinkFault.None(),
          LinkFault.AnswersLost(),
          LinkFault.Bytes(),
          LinkFault.Garbage _,
          LinkFault.CutAfter _,
          LinkFault.Drop(),
          LinkFault.Reset(),
          LinkFault.Answer _,
          LinkFault.Flood _ ->
          out.write(buffer, 0, length);
    }
    out.flush();
    return true;
  }

  private void hit(boolean counts) {
    if (counts) {
      hits.incrementAndGet();
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
