package dev.planaria.app.gateway.clients;

import dev.planaria.app.gateway.wire.EventStream;
import dev.planaria.app.gateway.wire.Exchange;
import dev.planaria.app.gateway.wire.HttpAnswer;
import dev.planaria.app.gateway.wire.Sse;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// How the messages before a request's answer, and the answer, reach a client: as a stream, or as
/// JSON as long as there is nothing to say before the answer. Thread-safe; one thread sends the
/// answer.
final class Reply {
  /// A client that does not read as fast as a server talks misses what exceeds this.
  private static final int MESSAGES = 256;

  /// The same in bytes, unless a single message has more.
  private static final long BYTES = 8 << 20;

  private static final byte[] END = new byte[0];

  private final @Nullable Exchange exchange;
  private final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>(MESSAGES);
  private final AtomicLong bytes = new AtomicLong();
  private @Nullable EventStream stream;
  private @Nullable Thread writer;
  private boolean closed;

  private Reply(@Nullable Exchange exchange, @Nullable EventStream stream) {
    this.exchange = exchange;
    this.stream = stream;
  }

  /// Over a stream that is open already.
  static Reply over(EventStream stream) {
    return new Reply(null, stream);
  }

  /// As JSON, unless there is something to say before.
  static Reply asJson(Exchange exchange) {
    return new Reply(exchange, null);
  }

  /// To nobody: the client is gone.
  static Reply toNobody() {
    var reply = new Reply(null, null);
    reply.closed = true;
    return reply;
  }

  /// Sends a message before the answer; does not wait.
  ///
  /// @param message JSON-RPC
  /// @return false when the client is gone, or reads too slowly
  synchronized boolean tell(byte[] message) {
    long before = bytes.get();
    boolean room = before == 0 || before + message.length <= BYTES;
    if (closed || !room || !messages.offer(message)) {
      return false;
    }
    bytes.addAndGet(message.length);
    if (writer == null) {
      writer = Thread.ofVirtual().name("before-the-answer").start(this::write);
    }
    return true;
  }

  private void write() {
    try {
      while (true) {
        byte[] message = messages.take();
        if (message.length == 0) {
          return;
        }
        bytes.addAndGet(-message.length);
        byte[] event = Sse.message(message);
        EventStream open = stream;
        if (open == null) {
          stream = Objects.requireNonNull(exchange).openStream(event);
        } else {
          open.write(event);
        }
      }
    } catch (IOException e) {
      close(); // the client is gone; it may come back for the answer
      messages.clear();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized @Nullable Thread close() {
    closed = true;
    return writer;
  }

  /// Sends the answer, behind everything that was told before.
  ///
  /// @param eventId names the answer's event, or null
  /// @param answer JSON-RPC; null when the client has it already, and the stream only ends
  void send(@Nullable String eventId, byte @Nullable [] answer) throws IOException {
    send(eventId, answer, 200);
  }

  /// The same.
  ///
  /// @param status the HTTP status of an answer before which nothing was told
  void send(@Nullable String eventId, byte @Nullable [] answer, int status) throws IOException {
    Thread writing = close();
    if (writing != null) {
      finish(writing);
    }
    EventStream open = stream;
    if (open != null) {
      if (answer != null) {
        open.write(eventId == null ? Sse.message(answer) : Sse.message(eventId, answer));
      }
      open.close();
    } else if (exchange != null && answer != null) {
      exchange.send(HttpAnswer.json(status, answer));
    }
  }

  private void finish(Thread writing) throws IOException {
    try {
      messages.put(END);
      writing.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a client was being told something", e);
    }
  }
}
