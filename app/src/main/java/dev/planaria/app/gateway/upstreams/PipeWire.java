package dev.planaria.app.gateway.upstreams;

import dev.planaria.app.gateway.wire.Log;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The three pipes of a child: one message on a line (MCP, transports, "stdio"). Thread-safe.
///
/// Its output and errors are read by platform threads: a virtual thread that waits for a pipe holds
/// its carrier, and of those there are 256 at most, so that 128 quiet children would stop every
/// virtual thread (measured with 200).
final class PipeWire implements Wire, LineReader.Lines {
  private static final int ERROR_BUFFER_BYTES = 1 << 12;
  private static final int STACK_BYTES = 256 << 10;

  private final Child child;
  private final StdioSettings settings;
  private final ErrorSink errors;
  private final Log log;
  private final Inbound inbound;
  private final LineWriter writer;
  private final CountDownLatch outputRead = new CountDownLatch(1);
  private final CountDownLatch errorsRead = new CountDownLatch(1);
  private final AtomicBoolean clearing = new AtomicBoolean();
  private final CountDownLatch cleared = new CountDownLatch(1);

  /// What a child's pipes need besides the child.
  record Setup(StdioSettings settings, ErrorSink errors, Log log) {}

  PipeWire(Child child, Setup setup, Inbound inbound) {
    this.child = child;
    this.settings = setup.settings;
    this.errors = setup.errors;
    this.log = setup.log;
    this.inbound = inbound;
    this.writer = new LineWriter(child.process().getOutputStream(), settings, this::inputFailed);
  }

  @Override
  public void start() {
    thread("planaria-stdout", this::readOutput).start();
    thread("planaria-stderr", this::readErrors).start();
    // Not by Process.onExit, which tells of it in the JDK's common pool: there it may wait, and
    // every other exit behind it, for the reader of a pipe that a grandchild keeps open.
    Thread.ofVirtual().name("planaria-exit").start(this::awaitExit);
  }

  private static Thread thread(String name, Runnable body) {
    return Thread.ofPlatform().daemon().name(name).stackSize(STACK_BYTES).unstarted(body);
  }

  private void readOutput() {
    try {
      var lines =
          new LineReader(
              child.process().getInputStream(), settings.message().documentBytes(), this);
      lines.run();
    } catch (IOException e) {
      if (child.process().isAlive()) {
        log.warn("the output of a server could not be read", e);
      }
    } finally {
      outputRead.countDown();
    }
    if (!hasExited(settings.drainMillis())) {
      end(new Trouble.OutputClosed());
    }
  }

  private void readErrors() {
    byte[] buffer = new byte[ERROR_BUFFER_BYTES];
    try (InputStream in = child.process().getErrorStream()) {
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        errors.write(buffer, length);
      }
    } catch (IOException e) {
      if (child.process().isAlive()) {
        log.warn("the standard error of a server could not be read", e);
      }
    } finally {
      errors.close();
      errorsRead.countDown();
    }
  }

  /// What an ended child wrote is in its pipe, and read first. A grandchild may keep the pipe open;
  /// that does not make the child any more alive.
  private void awaitExit() {
    try {
      child.process().waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a wire", e);
    }
    await(outputRead, settings.drainMillis());
    end(new Trouble.Exited(child.process().exitValue()));
  }

  private void inputFailed(Trouble trouble) {
    if (trouble instanceof Trouble.InputBlocked || !hasExited(settings.drainMillis())) {
      end(trouble);
    }
  }

  private void end(Trouble trouble) {
    inbound.broken(trouble);
    clear(false);
  }

  private boolean hasExited(long millis) {
    try {
      return child.process().waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a wire", e);
    }
  }

  private static boolean await(CountDownLatch event, long millis) {
    try {
      return event.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a wire", e);
    }
  }

  @Override
  public void line(byte[] line) {
    inbound.receive(line, null);
  }

  @Override
  public void tooLong(@Nullable Long answered) {
    inbound.tooLong(
        answered,
        new Trouble.MessageTooLong(
            "message.documentBytes is " + settings.message().documentBytes()));
  }

  @Override
  public void unfinished() {
    inbound.noise();
  }

  @Override
  public void request(Pending pending, byte[] message) {
    try {
      writer.write(asLine(message), pending);
    } catch (UpstreamBroken e) {
      pending.fail(e);
    }
  }

  @Override
  public void send(byte[] message) throws UpstreamBroken {
    writer.write(asLine(message), null);
  }

  private static byte[] asLine(byte[] message) {
    byte[] line = Arrays.copyOf(message, message.length + 1);
    line[message.length] = '\n';
    return line;
  }

  @Override
  public void abandon(Pending pending, byte[] cancellation) {
    try {
      send(cancellation);
    } catch (UpstreamBroken _) {
      // a server that cannot be told anything will hear of its end otherwise
    }
  }

  @Override
  public void introduced(ServerIntroduction server) {
    // a pipe carries every era in the same way
  }

  @Override
  public Optional<ProcessHandle> process() {
    return Optional.of(child.process().toHandle());
  }

  @Override
  public Optional<String> unsure() {
    return Optional.ofNullable(child.start().unsure());
  }

  @Override
  public void close() {
    clear(true);
  }

  /// Ends the child: its input is closed, then SIGTERM, then SIGKILL, and everything that it left.
  private void clear(boolean orderly) {
    if (clearing.compareAndSet(false, true)) {
      // On a thread of its own: whoever gives an attempt up interrupts the thread that is about to
      // end its child, and a child that is half ended would stay.
      Thread.ofVirtual().name("clearing").start(() -> clearAway(orderly));
    }
    boolean interrupted = false;
    while (cleared.getCount() > 0) {
      try {
        cleared.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void clearAway(boolean orderly) {
    try {
      boolean told = writer.close();
      boolean ended = orderly && told && hasExited(settings.closeMillis());
      if (!ended || !child.tree().awaitEnd(0)) {
        child.tree().terminate();
        child.tree().awaitEnd(settings.terminateMillis());
      }
      var left = child.tree().kill();
      if (!left.isEmpty()) {
        log.warn("processes of a server cannot be ended: " + left, null);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the end of a server", e);
    } finally {
      await(outputRead, settings.drainMillis());
      await(errorsRead, settings.drainMillis());
      child.start().after().run();
      cleared.countDown();
    }
  }
}
