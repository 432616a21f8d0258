package dev.planaria.app.front;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One client's connection. One virtual thread reads a request, answers it, and reads the next.
/// When an answer takes long, [Watchdog] sends a second thread to read meanwhile, so that we notice
/// when the client goes away; it stays the connection's thread, and the first one ends with its
/// answer. Most answers are quick and never need it.
final class ClientConnection implements Runnable {

  /// How much of a refused request is read and thrown away. A client that sends four times the
  /// largest body mostly reads the answer then; one that never ends is cut off.
  private static final int LINGER_BYTES = 16 << 20;

  /// What the connection's threads do; changed by whoever can, in one step.
  private enum Work {
    /// One thread reads.
    READING,
    /// One thread answers, and nobody reads.
    ANSWERING,
    /// One thread answers, and another reads.
    BOTH
  }

  /// What the reading thread does; each phase has its own patience.
  private enum Phase {
    AWAITING,
    HEAD,
    BODY,
    READ
  }

  private final Front front;
  private final FrontSettings settings;
  private final Socket socket;
  private final RequestReader reader;
  private final ClientStream client;
  private final AtomicReference<Work> work = new AtomicReference<>(Work.READING);

  /// Held while an answer is written: requests that were sent ahead wait for their turn.
  private final ReentrantLock turn = new ReentrantLock();

  private volatile Phase phase = Phase.AWAITING;
  private volatile long sinceNanos;
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
    this.sinceNanos = now();
  }

  @Override
  public void run() {
    try {
      while (readAndAnswer()) {
        enter(Phase.AWAITING);
      }
    } catch (Refusal refusal) {
      sayWhy(refusal);
      end();
    } catch (IOException _) {
      // The client is gone. What it asked for goes on in the worker, or is cancelled there.
      end();
    }
  }

  /// Reads one request and answers it; false when this thread has nothing more to do here.
  private boolean readAndAnswer() throws IOException, Refusal {
    if (!reader.awaitRequest() || closing) {
      end();
      return false;
    }
    var request = readRequest();
    turn.lock();
    try {
      if (closing) {
        request.body().release();
        end();
        return false;
      }
      work.set(Work.ANSWERING);
      proven = true;
      var goesOn = answer(request);
      if (!work.compareAndSet(Work.ANSWERING, Work.READING)) {
        // Another thread reads by now, and this one was only needed for the answer.
        work.set(Work.READING);
        sinceNanos = now();
        if (!goesOn) {
          endOutput();
        }
        return false;
      }
      if (!goesOn) {
        endOutput();
        linger();
        end();
      }
      return goesOn;
    } finally {
      turn.unlock();
    }
  }

  private Request readRequest() throws IOException, Refusal {
    try {
      enter(Phase.HEAD);
      reader.readHead();
      if (reader.expectsContinue()) {
        turn.lock();
        try {
          client.sendContinue();
        } finally {
          turn.unlock();
        }
      }
      enter(Phase.BODY);
      var request = reader.readBody();
      enter(Phase.READ);
      return request;
    } catch (IOException e) {
      if (timedOut) {
        throw Refusal.closing(408, "the request did not arrive in time");
      }
      throw e;
    }
  }

  /// Answers one request; an interrupt says that nobody waits any more.
  ///
  /// @return true when the connection can serve another request
  private boolean answer(Request request) {
    var keepAlive = request.keepsAlive() && !front.isStopping();
    present = request;
    answering = Thread.currentThread();
    try {
      return answer(request, keepAlive);
    } catch (IOException | InterruptedException _) {
      return false;
    } catch (RuntimeException | Error e) {
      front.log().note("a request ended with a fault of the front: " + e);
      close();
      throw e;
    } finally {
      answering = null;
      present = null;
      request.body().release();
    }
  }

  private boolean answer(Request request, boolean keepAlive)
      throws IOException, InterruptedException {
    try {
      var own = front.endpoints().answer(request);
      if (own == null) {
        front.forwarder().forward(request, client, keepAlive);
        return keepAlive && !client.endsWithConnection();
      }
      client.answer(own, request, keepAlive);
      return keepAlive;
    } catch (Refusal refusal) {
      front.log().note("refused " + request.path() + ": " + refusal.sentence());
      if (client.isStreaming()) {
        // Half a stream cannot be turned into an error; breaking it off says enough.
        return false;
      }
      var goesOn = keepAlive && !refusal.closes();
      client.answer(refusal.answer(), request, goesOn);
      return goesOn;
    }
  }

  /// After the last answer of a connection: everything was written, so the client sees an orderly
  /// end, but after a stream that did not end.
  private void endOutput() {
    closing = true;
    sinceNanos = now();
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

  private void sayWhy(Refusal refusal) {
    front.log().note("refused a request: " + refusal.sentence());
    turn.lock();
    try {
      client.answer(refusal.answer(), false, true, false);
      endOutput();
      linger();
    } catch (IOException _) {
      // The client did not wait for the answer.
    } finally {
      turn.unlock();
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

  /// The connection is over, and nobody waits for an answer that is still under way.
  private void end() {
    var thread = answering;
    if (thread != null) {
      thread.interrupt();
    }
    reader.release();
    close();
    front.closed(this);
  }

  private void enter(Phase next) {
    sinceNanos = now();
    phase = next;
  }

  private long now() {
    return front.environment().nanoTime().getAsLong();
  }

  /// Sends a second thread when the first one is busy, and ends what takes too long. Called by the
  /// watchdog, from its own thread.
  void check(long nowNanos) {
    var timeouts = settings.timeouts();
    var writing = client.writingSinceNanos();
    if (writing != 0 && isOver(nowNanos - writing, timeouts.writeMillis())) {
      front.log().note("closed a connection whose client does not read (writeMillis)");
      reset();
    } else if (closing) {
      if (isOver(nowNanos - sinceNanos, timeouts.lingerMillis())) {
        close();
      }
    } else if (work.get() == Work.ANSWERING) {
      if (isOver(nowNanos - sinceNanos, timeouts.tickMillis())
          && work.compareAndSet(Work.ANSWERING, Work.BOTH)) {
        phase = Phase.AWAITING;
        Thread.ofVirtual().start(this);
      }
    } else {
      checkReader(nowNanos - sinceNanos, timeouts);
    }
  }

  private void checkReader(long spentNanos, ClientTimeouts timeouts) {
    switch (phase) {
      case AWAITING -> {
        // A newcomer that says nothing gets no more patience than one that says half of it.
        var patience = proven ? timeouts.idleMillis() : timeouts.headMillis();
        if (work.get() == Work.READING && isOver(spentNanos, patience)) {
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
      case READ -> {}
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
  long sinceNanos() {
    return sinceNanos;
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
