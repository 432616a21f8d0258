package dev.planaria.app.gateway;

import dev.planaria.app.gateway.wire.BadRequest;
import dev.planaria.app.gateway.wire.EventStream;
import dev.planaria.app.gateway.wire.Exchange;
import dev.planaria.app.gateway.wire.HttpAnswer;
import dev.planaria.app.gateway.wire.RequestHead;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// An exchange whose client sits in the same process and sees every byte when it is written. The
/// client can leave. Thread-safe.
public final class MemoryExchange implements Exchange {
  private static final long WAIT_SECONDS = 20;

  private final Ask ask;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private int status;
  private Map<String, String> headers = Map.of();
  private boolean streaming;
  private boolean ended;
  private boolean clientGone;
  private Runnable onFirstBytes = () -> {};

  /// Carries that request.
  public MemoryExchange(Ask ask) {
    this.ask = ask;
  }

  /// Has something done at the very moment at which the client gets its first bytes.
  MemoryExchange whenFirstBytesArrive(Runnable action) {
    onFirstBytes = action;
    return this;
  }

  @Override
  public RequestHead head() {
    return ask.head();
  }

  @Override
  public byte[] readBody(int limitBytes) {
    if (ask.body().length > limitBytes) {
      throw new BadRequest(413, "the body is longer than " + limitBytes + " bytes");
    }
    return ask.body();
  }

  @Override
  public void send(HttpAnswer answer) throws IOException {
    begin(answer.status(), answer.headers(), answer.body());
    end();
  }

  @Override
  public EventStream openStream(byte[] first) throws IOException {
    streaming = true;
    begin(200, Map.of("Content-Type", "text/event-stream"), first);
    return new EventStream() {
      @Override
      public void write(byte[] events) throws IOException {
        append(events);
      }

      @Override
      public void close() throws IOException {
        append(new byte[0]);
        end();
      }
    };
  }

  private void begin(int first, Map<String, String> fields, byte[] bytes) throws IOException {
    lock.lock();
    try {
      if (status != 0) {
        throw new IOException("a second answer");
      }
      status = first;
      headers = fields;
    } finally {
      lock.unlock();
    }
    onFirstBytes.run();
    append(bytes);
  }

  private void append(byte[] bytes) throws IOException {
    lock.lock();
    try {
      if (clientGone) {
        throw new IOException("the client is gone");
      }
      body.writeBytes(bytes);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// The client breaks off: from now on nothing reaches it.
  public void leave() {
    lock.lock();
    try {
      clientGone = true;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until so much of the answer is there, and shows it.
  public Reply awaitText(String part) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
      while (!body.toString(StandardCharsets.UTF_8).contains(part) && left > 0) {
        left = changed.awaitNanos(left);
      }
      return reply();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until the answer has ended, and shows it.
  public Reply awaitEnd() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
      while (!ended && left > 0) {
        left = changed.awaitNanos(left);
      }
      return reply();
    } finally {
      lock.unlock();
    }
  }

  /// The answer as it is now.
  public Reply reply() {
    lock.lock();
    try {
      return new Reply(status, headers, body.toString(StandardCharsets.UTF_8), streaming, ended);
    } finally {
      lock.unlock();
    }
  }
}
