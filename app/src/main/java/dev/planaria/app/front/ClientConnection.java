package dev.planaria.app.front;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One client's connection. One virtual thread reads requests as long as the connection lives; each
/// request is answered in a virtual thread of its own, one at a time, so that the reader notices
/// when the client goes away while its answer is awaited. [Watchdog] ends whatever takes too long.
final class ClientConnection implements Runnable {

  /// How much of a refused request is read and thrown away. A client that sends four times the
  /// largest body mostly reads the answer then; one that never ends is cut off.
  private static final int LINGER_BYTES = 16 << 20;

  /// What the reader does at present; each phase has its own patience.
  private enum Phase {
    AWAITING,
    HEAD,
    BODY,
    ANSWERING
  }

  private final Front front;
  private final FrontSettings settings;
  private final Socket socket;
  private final RequestReader reader;
  private final ClientStream client;

  private volatile Phase phase = Phase.AWAITING;
  private volatile long phaseSinceNanos;
  private volatile boolean proven;
  private volatile boolean timedOut;
  private volatile boolean closing;
  private volatile @Nullable Thread answering;
  private volatile @Nullable Request present;

  ClientConnection(Front front, Socket socket) throws IOException {
    this.front = front;
    this.settings = front.settings();
    this.socket = socket;
    this.reader =
        new RequestReader(socket.getInputStream(), settings.limits(), front.requestBudget());
    this.client = new ClientStream(socket.getOutputStream(), front.environment().nanoTime());
    this.phaseSinceNanos = front.environment().nanoTime().getAsLong();
  }

  @Override
  public void run() {
    try {
      serve();
    } catch (Refusal refusal) {
      sayWhyAndClose(refusal);
    } catch (IOException _) {
      // The client is gone. What it asked for goes on in the worker, or is cancelled there.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      abandon();
      reader.release();
      close();
      front.closed(this);
    }
  }

  private void serve() throws IOException, Refusal, InterruptedException {
    enter(Phase.AWAITING);
    while (reader.awaitRequest()) {
      enter(Phase.HEAD);
      Request request;
      try {
        request = readRequest();
      } catch (IOException e) {
        if (timedOut) {
          throw Refusal.closing(408, "the request did not arrive in time");
        }
        throw e;
      }
      awaitAnswer();
      if (closing) {
        request.body().release();
        return;
      }
      proven = true;
      present = request;
      var thread = Thread.ofVirtual().unstarted(() -> answer(request));
      answering = thread;
      thread.start();
      enter(Phase.AWAITING);
    }
  }

  private Request readRequest() throws IOException, Refusal, InterruptedException {
    reader.readHead();
    if (reader.expectsContinue()) {
      awaitAnswer();
      client.sendContinue();
    }
    enter(Phase.BODY);
    var request = reader.readBody();
    enter(Phase.ANSWERING);
    return request;
  }

  /// Requests that a client sends ahead wait for their turn.
  private void awaitAnswer() throws InterruptedException {
    var thread = answering;
    if (thread != null) {
      thread.join();
    }
  }

  /// Answers one request; runs in its own thread, and an interrupt tells it that nobody waits.
  private void answer(Request request) {
    var keepAlive = request.keepsAlive() && !front.isStopping();
    var goesOn = keepAlive;
    try {
      try {
        var own = front.endpoints().answer(request);
        if (own == null) {
          front.forwarder().forward(request, client, keepAlive);
          goesOn = keepAlive && !client.endsWithConnection();
        } else {
          client.answer(own, request, keepAlive);
        }
      } catch (Refusal refusal) {
        front.log().note("refused " + request.path() + ": " + refusal.sentence());
        // Half a stream cannot be turned into an error; breaking it off says enough.
        goesOn = keepAlive && !refusal.closes() && !client.isStreaming();
        if (!client.isStreaming()) {
          client.answer(refusal.answer(), request, goesOn);
        }
      }
    } catch (IOException | InterruptedException _) {
      goesOn = false;
    } catch (RuntimeException | Error e) {
      goesOn = false;
      front.log().note("a request ended with a fault of the front: " + e);
      throw e;
    } finally {
      present = null;
      request.body().release();
      phaseSinceNanos = front.environment().nanoTime().getAsLong();
      answering = null;
      if (!goesOn) {
        endOutput();
      }
    }
  }

  /// After the last answer of a connection: everything was written, so the client sees an orderly
  /// end, and then the reader sees the client's.
  private void endOutput() {
    closing = true;
    try {
      if (client.isStreaming()) {
        socket.close();
      } else {
        socket.shutdownOutput();
      }
    } catch (IOException _) {
      close();
    }
  }

  private void sayWhyAndClose(Refusal refusal) {
    front.log().note("refused a request: " + refusal.sentence());
    try {
      awaitAnswer();
      client.answer(refusal.answer(), false, true, false);
      phaseSinceNanos = front.environment().nanoTime().getAsLong();
      closing = true;
      socket.shutdownOutput();
      linger();
    } catch (IOException _) {
      // The client did not wait for the answer.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Closing while bytes are on their way to us would reset the connection, and the client might
  /// never see the answer.
  private void linger() throws IOException {
    var discarded = new byte[16 << 10];
    var left = LINGER_BYTES;
    while (left > 0) {
      var count = socket.getInputStream().read(discarded);
      left = count < 0 ? 0 : left - count;
    }
  }

  /// Nobody waits for the present answer any more.
  private void abandon() {
    var thread = answering;
    if (thread != null) {
      thread.interrupt();
    }
  }

  private void enter(Phase next) {
    phaseSinceNanos = front.environment().nanoTime().getAsLong();
    phase = next;
  }

  /// Ends what takes too long. Called by the watchdog, from its own thread.
  void checkPatience(long nowNanos) {
    var timeouts = settings.timeouts();
    var writing = client.writingSinceNanos();
    if (writing != 0 && isOver(nowNanos - writing, timeouts.writeMillis())) {
      front.log().note("closed a connection whose client does not read (writeMillis)");
      reset();
      return;
    }
    var spentNanos = nowNanos - phaseSinceNanos;
    if (closing) {
      if (isOver(spentNanos, timeouts.lingerMillis())) {
        close();
      }
      return;
    }
    switch (phase) {
      case AWAITING -> {
        // A newcomer that says nothing gets no more patience than one that says half of it.
        var patience = proven ? timeouts.idleMillis() : timeouts.headMillis();
        if (answering == null && isOver(spentNanos, patience)) {
          close();
        }
      }
      case HEAD -> {
        if (isOver(spentNanos, timeouts.headMillis())) {
          giveUpReading();
        }
      }
      case BODY -> {
        var shares = 1L + (reader.bodyBytes() >> 20);
        if (isOver(spentNanos, shares * timeouts.bodyMillis())) {
          giveUpReading();
        }
      }
      case ANSWERING -> {}
    }
  }

  private static boolean isOver(long nanos, long limitMillis) {
    return nanos > TimeUnit.MILLISECONDS.toNanos(limitMillis);
  }

  /// Lets the reader see an end of stream, so that it can still say why.
  private void giveUpReading() {
    if (timedOut) {
      return;
    }
    timedOut = true;
    try {
      socket.shutdownInput();
    } catch (IOException _) {
      close();
    }
  }

  /// True for a connection that never brought a whole request: the first to go when places are
  /// scarce.
  boolean isUnproven() {
    return !proven;
  }

  /// When the connection came to what it does at present, monotonic.
  long phaseSinceNanos() {
    return phaseSinceNanos;
  }

  /// True while an answer is awaited that will end by itself; a GET stream does not.
  boolean hasCallUnderWay() {
    var request = present;
    return request != null && !(request.method().equals("GET") && client.isStreaming());
  }

  /// Closes with a reset, which frees whatever the kernel still holds for a client that does not
  /// read.
  private void reset() {
    try {
      socket.setSoLinger(true, 0);
    } catch (SocketException _) {
      // It is closed already.
    }
    close();
  }

  /// Closes the connection at once. Safe to call from any thread, at any time.
  void close() {
    try {
      socket.close();
    } catch (IOException _) {
      // There is nothing left to close.
    }
  }
}
