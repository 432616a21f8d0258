package dev.planaria.app.gateway.upstreams;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Writes lines to a child that may read slowly or not at all, without ever making a caller wait.
/// Thread-safe.
///
/// A pipe takes at least 4096 bytes (POSIX's `PIPE_BUF` on Linux; 512 elsewhere, where pipes hold
/// 16 KiB) and all or nothing of so much. So while the child has read all but a little of what it
/// was told, which its answers show, a short line is written by the caller at once. Everything else
/// goes through a queue and a thread of its own. That is a platform thread: a virtual one would
/// hold its carrier while the pipe is full, and 256 full pipes would stop every virtual thread.
final class LineWriter {
  private static final int ATOMIC_BYTES = 4_096;

  private final OutputStream out;
  private final StdioSettings settings;
  private final Consumer<Trouble> onTrouble;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Line> queue = new ArrayDeque<>();
  private long queuedBytes;
  private long writtenBytes;
  private long readBytes;
  private @Nullable Line writing;
  private @Nullable Thread thread;
  private @Nullable Trouble closed;

  private static final class Line {
    private final byte[] bytes;
    private final @Nullable Pending request;
    private volatile long end;

    Line(byte[] bytes, @Nullable Pending request) {
      this.bytes = bytes;
      this.request = request;
    }
  }

  /// @param onTrouble is told once when nothing can be written any more; called by any thread
  LineWriter(OutputStream out, StdioSettings settings, Consumer<Trouble> onTrouble) {
    this.out = out;
    this.settings = settings;
    this.onTrouble = onTrouble;
  }

  /// Writes a line, or keeps it to be written.
  ///
  /// @param bytes with the line break
  /// @param request the request that it is, or null
  /// @throws UpstreamBroken when it cannot be written; no byte of it was. A request whose pipe has
  ///   broken stays unsent instead, until the wire knows why it broke and ends the conversation:
  ///   mostly the process has ended, which says more
  void write(byte[] bytes, @Nullable Pending request) throws UpstreamBroken {
    var line = new Line(bytes, request);
    if (request != null) {
      request.whenDone(() -> {
        if (request.wasAnswered()) {
          readUpTo(line.end);
        }
      });
    }
    lock.lock();
    try {
      if (closed != null) {
        refuse(closed, request);
        return;
      }
      boolean idle = queue.isEmpty() && writing == null;
      if (idle && writtenBytes - readBytes + bytes.length <= ATOMIC_BYTES) {
        put(line);
      } else {
        enqueue(line);
      }
    } catch (IOException _) {
      var trouble = new Trouble.InputClosed();
      closeWith(trouble);
      refuse(trouble, request); // so short a line leaves whole or not
    } finally {
      lock.unlock();
    }
  }

  private static void refuse(Trouble trouble, @Nullable Pending request) throws UpstreamBroken {
    boolean toldLater = request != null && trouble instanceof Trouble.InputClosed;
    if (!toldLater) {
      throw new UpstreamBroken(trouble, Sent.NEVER_SENT);
    }
  }

  private void enqueue(Line line) throws UpstreamBroken {
    if (!queue.isEmpty() && queuedBytes + line.bytes.length > settings.queueBytes()) {
      throw new UpstreamBroken(
          new Trouble.InputBlocked("queueBytes is " + settings.queueBytes()), Sent.NEVER_SENT);
    }
    queue.add(line);
    queuedBytes += line.bytes.length;
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("planaria-stdin").start(this::run);
    }
    changed.signalAll();
  }

  private void readUpTo(long end) {
    lock.lock();
    try {
      readBytes = Math.max(readBytes, end);
    } finally {
      lock.unlock();
    }
  }

  /// Writes what is queued, until the end.
  private void run() {
    for (Line line = next(); line != null; line = next()) {
      Thread.ofVirtual().start(this::watch);
      try {
        put(line);
      } catch (IOException _) {
        closeWith(new Trouble.InputClosed());
      }
    }
  }

  private @Nullable Line next() {
    lock.lock();
    try {
      writing = null;
      changed.signalAll();
      while (queue.isEmpty() && closed == null) {
        changed.awaitUninterruptibly();
      }
      if (closed != null) {
        return null;
      }
      Line line = queue.remove();
      queuedBytes -= line.bytes.length;
      writing = line;
      return line;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until the line that is being written now is written, but not longer than allowed.
  private void watch() {
    lock.lock();
    try {
      Line watched = writing;
      long leftNanos = TimeUnit.MILLISECONDS.toNanos(settings.writeMillis());
      while (watched != null && writing == watched && closed == null) {
        if (leftNanos <= 0) {
          closeWith(new Trouble.InputBlocked("writeMillis is " + settings.writeMillis()));
          return;
        }
        leftNanos = changed.awaitNanos(leftNanos);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a watch", e);
    } finally {
      lock.unlock();
    }
  }

  /// The first piece goes alone: it leaves whole or not at all, so that after its failure the
  /// request certainly was not sent.
  private void put(Line line) throws IOException {
    Pending request = line.request;
    if (request != null && !request.beginSending()) {
      return;
    }
    byte[] bytes = line.bytes;
    int first = Math.min(ATOMIC_BYTES, bytes.length);
    lock.lock();
    try {
      writtenBytes += bytes.length;
      line.end = writtenBytes;
    } finally {
      lock.unlock();
    }
    try {
      out.write(bytes, 0, first);
      out.flush();
    } catch (IOException e) {
      if (request != null) {
        request.nothingSent();
      }
      throw e;
    }
    out.write(bytes, first, bytes.length - first);
    out.flush();
  }

  private void closeWith(Trouble trouble) {
    lock.lock();
    try {
      if (closed != null) {
        return;
      }
      closed = trouble;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    Thread.ofVirtual().start(() -> onTrouble.accept(trouble));
  }

  /// Closes the child's input, unless it is full: closing would wait for what is being written.
  ///
  /// @return true when it was closed, which tells the child to end
  boolean close() {
    lock.lock();
    try {
      if (closed == null) {
        closed = new Trouble.Closed();
        changed.signalAll();
      }
      if (writing != null) {
        return false;
      }
      out.close();
      return true;
    } catch (IOException _) {
      return true; // nobody reads it any more, which is what closing is for
    } finally {
      lock.unlock();
    }
  }
}
