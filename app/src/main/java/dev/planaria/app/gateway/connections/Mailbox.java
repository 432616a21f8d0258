package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.wire.RawObject;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a server says that belongs to no request, for one client that listens. Thread-safe; one
/// thread reads.
public final class Mailbox implements Outlet, AutoCloseable {
  /// A client that does not read as fast as a server talks misses what exceeds this.
  private static final int MESSAGES = 1_000;

  /// The same in bytes, unless a single message has more.
  private static final long BYTES = 8 << 20;

  private static final Message END = new Message.Told("", RawObject.EMPTY);

  private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>(MESSAGES);
  private final AtomicLong bytes = new AtomicLong();
  private final Consumer<Mailbox> onClose;
  private final boolean canAnswer;
  private volatile boolean closed;

  /// @param canAnswer false when the client's era knows no questions of a server
  Mailbox(boolean canAnswer, Consumer<Mailbox> onClose) {
    this.canAnswer = canAnswer;
    this.onClose = onClose;
  }

  @Override
  public boolean tell(Message message) {
    return switch (message) {
      case Message.Told _ -> !closed && offer(message);
      case Message.Asked _ -> canAnswer && !closed && offer(message);
    };
  }

  private boolean offer(Message message) {
    long length = message.params().length();
    long before = bytes.getAndAdd(length);
    boolean taken = (before == 0 || before + length <= BYTES) && messages.offer(message);
    if (!taken) {
      bytes.addAndGet(-length);
    }
    return taken;
  }

  /// The next message; null when none came in time, or when the mailbox was closed.
  ///
  /// @throws InterruptedException when the reading thread was interrupted
  public @Nullable Message next(long timeoutMillis) throws InterruptedException {
    Message next = closed ? null : messages.poll(timeoutMillis, TimeUnit.MILLISECONDS);
    if (next == null || END.equals(next)) {
      return null;
    }
    bytes.addAndGet(-next.params().length());
    return next;
  }

  /// True when nothing more will come.
  public boolean isClosed() {
    return closed;
  }

  /// Ends the wait of whoever reads.
  @Override
  public void close() {
    closed = true;
    messages.clear();
    messages.add(END);
    onClose.accept(this);
  }
}
