package dev.planaria.app.daemon;

import dev.planaria.engine.session.SessionEngine;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Supplier;

/// The worker's heartbeat: every 5 s, and only after a round trip through the journal writer and
/// one through the worker's own acceptor. A worker that can do neither falls silent, and the
/// monitor takes it for hung.
final class Pulse implements Runnable {
  private static final long INTERVAL_MILLIS = 5_000;
  private static final String QUESTION =
      "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  private static final String GOOD = "HTTP/1.1 200";

  private final SessionEngine engine;
  private final Path socket;
  private final MonitorPipe monitor;
  private final Supplier<String> state;

  Pulse(SessionEngine engine, Path socket, MonitorPipe monitor, Supplier<String> state) {
    this.engine = engine;
    this.socket = socket;
    this.monitor = monitor;
    this.state = state;
  }

  @Override
  public void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Thread.sleep(INTERVAL_MILLIS);
        beat();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Beats once, if all is well.
  void beat() {
    try {
      engine.probe();
      if (isAnswering()) {
        monitor.heartbeat(state.get());
      }
    } catch (IOException | RuntimeException e) {
      System.err.println("planaria worker: no heartbeat, since " + e);
    }
  }

  /// True when both round trips succeed now.
  boolean isServing() {
    try {
      engine.probe();
      return isAnswering();
    } catch (IOException | RuntimeException e) {
      return false; // the next heartbeat says why
    }
  }

  private boolean isAnswering() throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      channel.write(ByteBuffer.wrap(QUESTION.getBytes(StandardCharsets.US_ASCII)));
      ByteBuffer answer = ByteBuffer.allocate(GOOD.length());
      while (answer.hasRemaining() && channel.read(answer) >= 0) {
        // until the status line is there, or the end
      }
      return new String(answer.array(), StandardCharsets.US_ASCII).equals(GOOD);
    }
  }
}
